import type { Outputs, PretrainedModel, Tokenizer } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';

/** Something that a model takes for likely. */
interface Guess {
  readonly name: string;
  readonly probability: number;
}

const MOST_GUESSES = 5;

/** What a model says of a text, for programs, and in lines for people. */
export interface Prediction {
  readonly result: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/** What the model's head says of masked tokens, of the text, or of each token; nothing without a head. */
export async function predictionOf(
  { architecture, labels }: PretrainedModel,
  tokenizer: Tokenizer,
  ids: readonly number[],
  { logits }: Outputs,
): Promise<Prediction> {
  if (logits === undefined) return { result: {}, lines: [] };
  const probabilities = tf.tidy(() => tf.softmax(logits.rank === 3 ? tf.squeeze(logits, [0]) : logits));
  const rows = (await probabilities.array()) as number[][];
  probabilities.dispose();
  const labelsOf = (row: number): Guess[] => best(rows[row]!, (label) => labels[label] ?? '');
  if (architecture.endsWith('ForTokenClassification')) {
    const tokens = ids.map((id, n) => ({ token: tokenizer.tokenOf(id), ...labelsOf(n)[0]! }));
    return { result: { tokens }, lines: tokens.map((guess) => `${guess.token}: ${said(guess)}`) };
  }
  if (logits.rank === 2) return { result: { labels: labelsOf(0) }, lines: labelsOf(0).map(said) };
  const masks = ids
    .flatMap((id, n) => (id === tokenizer.maskId ? [n] : []))
    .map((at) => ({ at, guesses: best(rows[at]!, (id) => tokenizer.tokenOf(id)) }));
  const lines = masks.map(
    ({ at, guesses }) => `${tokenizer.tokenOf(ids[at]!)} at ${at}: ${guesses.map(said).join(', ')}`,
  );
  return { result: { masks }, lines };
}

const said = ({ name, probability }: Guess): string => `${name} ${(100 * probability).toFixed(1)} %`;

const best = (row: readonly number[], nameOf: (id: number) => string): Guess[] =>
  row
    .map((probability, id) => ({ name: nameOf(id), probability }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, MOST_GUESSES);
