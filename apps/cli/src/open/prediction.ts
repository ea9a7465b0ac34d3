import {
  predictionOf,
  type Guess,
  type Likeness,
  type Outputs,
  type PretrainedModel,
  type Tokenizer,
} from '@heed/hugging-face';
import type { Given } from './given.js';

/** What a model says of a text, for programs, and in lines for people. */
export interface Prediction {
  readonly result: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/** What the model's head says of masked tokens, of the text or picture, or of each token; nothing without a head. */
export async function saidOf(
  model: PretrainedModel,
  given: Given,
  ids: readonly number[],
  outputs: Outputs,
): Promise<Prediction> {
  const found = await predictionOf(model, ids, outputs);
  switch (found?.kind) {
    case undefined:
      return { result: {}, lines: [] };
    case 'value':
      return { result: { value: found.value }, lines: [String(found.value)] };
    case 'labels':
      return { result: { labels: found.guesses }, lines: found.guesses.map(said) };
    case 'likeness':
      return likenessOf(given, found.pictures);
    case 'tokens':
      return { result: { tokens: found.tokens }, lines: found.tokens.map((guess) => `${guess.token}: ${said(guess)}`) };
    case 'masks':
      return {
        result: { masks: found.masks.map(({ at, guesses }) => ({ at, guesses })) },
        lines: found.masks.map(({ at, token, guesses }) => `${token} at ${at}: ${guesses.map(said).join(', ')}`),
      };
  }
}

/** How alike each picture and each text are, and, of several texts, how likely each is the picture's. */
function likenessOf({ pictures, texts }: Given, found: readonly (readonly Likeness[])[]): Prediction {
  const likeness = pictures.map((picture, n) => ({
    picture,
    texts: texts.map((text, t) => ({ text, ...found[n]![t]! })),
  }));
  const lines = likeness.flatMap(({ picture, texts: of }) => [
    `${picture}:`,
    ...of.map(
      ({ text, logit, probability }) =>
        `  ${text}: ${logit.toFixed(2)}${texts.length > 1 ? `, ${(100 * probability).toFixed(1)} %` : ''}`,
    ),
  ]);
  return { result: { likeness }, lines };
}

/** What was added to a prompt. */
export function continuationOf(tokenizer: Tokenizer | undefined, ids: readonly number[]): Prediction {
  const continuation = tokenizer?.decode(ids, { skipSpecialTokens: true }) ?? ids.join(' ');
  return { result: { continuation, ids }, lines: [continuation] };
}

const said = ({ name, probability }: Guess): string => `${name} ${(100 * probability).toFixed(1)} %`;
