import { predictionOf, type Guess, type Outputs, type PretrainedModel } from '@heed/hugging-face';

/** What a model says of a text, for programs, and in lines for people. */
export interface Prediction {
  readonly result: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/** What the model's head says of masked tokens, of the text, or of each token; nothing without a head. */
export async function saidOf(model: PretrainedModel, ids: readonly number[], outputs: Outputs): Promise<Prediction> {
  const found = await predictionOf(model, ids, outputs);
  switch (found?.kind) {
    case undefined:
      return { result: {}, lines: [] };
    case 'value':
      return { result: { value: found.value }, lines: [String(found.value)] };
    case 'labels':
      return { result: { labels: found.guesses }, lines: found.guesses.map(said) };
    case 'tokens':
      return { result: { tokens: found.tokens }, lines: found.tokens.map((guess) => `${guess.token}: ${said(guess)}`) };
    case 'masks':
      return {
        result: { masks: found.masks.map(({ at, guesses }) => ({ at, guesses })) },
        lines: found.masks.map(({ at, token, guesses }) => `${token} at ${at}: ${guesses.map(said).join(', ')}`),
      };
  }
}

const said = ({ name, probability }: Guess): string => `${name} ${(100 * probability).toFixed(1)} %`;
