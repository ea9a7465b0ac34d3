import { HeedError } from '@heed/base';

/** What scores make of a story. */
export interface ChosenAnswer {
  /** One word, or several of about equal probability; names in the order of the alphabet. */
  readonly answer: readonly string[];
  /** Classes and names of the story, the most probable first; they sum to 1. */
  readonly candidates: readonly { readonly answer: string; readonly probability: number }[];
}

/**
 * Share of the greatest probability from which on a name belongs to the answer: the names of an answer have equal shares when they
 * are learnt.
 */
const BELONGS = 0.5;

/**
 * The most probable answer of a story.
 *
 * @param names  of the story, with the answer's number that stands for each
 * @param logits [answers]
 * @throws HeedError NOT_FINITE
 */
export function chooseAnswer(
  classes: readonly string[],
  names: ReadonlyMap<string, number>,
  logits: ArrayLike<number>,
): ChosenAnswer {
  const possible = [...classes.map((name, n) => [name, n] as const), ...names];
  const scores = possible.map(([, n]) => logits[n]);
  if (!scores.every(Number.isFinite)) {
    throw new HeedError('NOT_FINITE', { message: 'memory network: scores of answers are not finite' });
  }
  const greatest = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - greatest));
  const sum = shares.reduce((total, share) => total + share, 0);
  const candidates = possible
    .map(([answer], i) => ({ answer, probability: shares[i] / sum, isName: i >= classes.length }))
    .toSorted((a, b) => b.probability - a.probability);
  const [best] = candidates;
  // Only names come together.
  const together = candidates.filter(({ probability, isName }) => isName && probability >= BELONGS * best!.probability);
  return {
    answer: best!.isName ? together.map(({ answer }) => answer).toSorted() : [best!.answer],
    candidates: candidates.map(({ answer, probability }) => ({ answer, probability })),
  };
}
