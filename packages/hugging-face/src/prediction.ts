import * as tf from '@tensorflow/tfjs-core';
import type { PretrainedModel } from './model.js';
import type { Outputs } from './networks/network.js';

/** A label or a token, and how probable the model takes it to be. */
export interface Guess {
  readonly name: string;
  readonly probability: number;
}

/** How alike a picture and a text are, and how likely it is this text of all that were given. */
export interface Likeness {
  readonly logit: number;
  readonly probability: number;
}

/**
 * What a model's head says: of the whole input, of each token, or of each masked token, the likeliest guesses first; or of each picture, how
 * alike it and each text are.
 */
export type Prediction =
  | { readonly kind: 'labels'; readonly guesses: readonly Guess[] }
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'likeness'; readonly pictures: readonly (readonly Likeness[])[] }
  | { readonly kind: 'tokens'; readonly tokens: readonly (Guess & { readonly token: string })[] }
  | {
      readonly kind: 'masks';
      readonly masks: readonly { readonly at: number; readonly token: string; readonly guesses: readonly Guess[] }[];
    };

const MOST_GUESSES = 5;

/**
 * What a classifier or a masked language model says of one sequence, or a model of texts and pictures of all; undefined for a model without
 * such a head. A classifier of one label
 * gives its number, one of labels that exclude nothing (`problem_type`) the probability of each by itself.
 *
 * @param ids the sequence that `outputs` are of; none of a picture
 */
export async function predictionOf(
  model: PretrainedModel,
  ids: readonly number[],
  { logits, logitsPerImage }: Outputs,
): Promise<Prediction | undefined> {
  if (logitsPerImage !== undefined) return { kind: 'likeness', pictures: await likenessOf(logitsPerImage) };
  if (logits === undefined || model.continues) return undefined;
  const { architecture, labels, tokenizer } = model;
  const isIndependent = model.config['problem_type'] === 'multi_label_classification';
  const rows = await rowsOf(logits, isIndependent);
  const labelsOf = (row: readonly number[]): readonly Guess[] => best(row, (label) => labels[label] ?? '');
  if (logits.rank === 2) {
    return labels.length === 1
      ? { kind: 'value', value: (await logits.data())[0]! }
      : { kind: 'labels', guesses: labelsOf(rows[0]!) };
  }
  const tokenOf = (id: number): string => tokenizer?.tokenOf(id) ?? String(id);
  if (architecture.endsWith('ForTokenClassification'))
    return { kind: 'tokens', tokens: ids.map((id, n) => ({ token: tokenOf(id), ...labelsOf(rows[n]!)[0]! })) };
  const masks = ids
    .flatMap((id, n) => (id === tokenizer?.maskId ? [n] : []))
    .map((at) => ({ at, token: tokenOf(ids[at]!), guesses: best(rows[at]!, tokenOf) }));
  return { kind: 'masks', masks };
}

/** Probabilities of the first sequence, a row for each position; one row where there is one for the sequence. */
async function rowsOf(logits: tf.Tensor, isIndependent: boolean): Promise<readonly (readonly number[])[]> {
  const probabilities = tf.tidy(() => {
    const rows = logits.rank === 3 ? tf.squeeze(tf.slice(logits, [0], [1]), [0]) : logits;
    return isIndependent ? tf.sigmoid(rows) : tf.softmax(rows);
  });
  try {
    return (await probabilities.array()) as number[][];
  } finally {
    probabilities.dispose();
  }
}

async function likenessOf(logitsPerImage: tf.Tensor2D): Promise<readonly (readonly Likeness[])[]> {
  const shares = tf.tidy(() => tf.softmax(logitsPerImage));
  const [logits, probabilities] = [await logitsPerImage.array(), await shares.array()];
  shares.dispose();
  return logits.map((row, n) => row.map((logit, t) => ({ logit, probability: probabilities[n]![t]! })));
}

const best = (row: readonly number[], nameOf: (id: number) => string): readonly Guess[] =>
  row
    .map((probability, id) => ({ name: nameOf(id), probability }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, MOST_GUESSES);
