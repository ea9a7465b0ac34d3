import { uniform } from '@heed/base';
import { draw, greatest } from '@heed/networks';
import type { Found, Search } from './search.js';

/** Takes the most probable token at each step, or draws one. */
export const greedy: Search = async ({ session, generation, process, maxLength, scoresOf }) => {
  const { ends, pad, sampling } = generation;
  const random = uniform({ stream: 'models', seed: sampling?.seed ?? 0, name: 'generate' });
  const sequences = session.prompts.map((prompt) => [...prompt]);
  const logProbabilities: number[][] = sequences.map(() => []);
  const lengths = sequences.map(() => maxLength);
  let fresh: number[][] = sequences.map((tokens) => [...tokens]);
  const goesOn = (row: number): boolean => lengths[row] === maxLength;
  while (sequences[0]!.length < maxLength && sequences.some((_, row) => goesOn(row))) {
    const scores = await scoresOf(fresh);
    fresh = sequences.map((tokens, row) => {
      if (!goesOn(row)) return [pad ?? 0];
      const logits = scores[row]!;
      const changed = logits.slice();
      process(changed, tokens);
      const token = sampling === undefined ? greatest(changed, 1)[0]! : draw(changed, sampling, random());
      logProbabilities[row]!.push(logits[token]! - logSumExp(logits));
      if (ends.includes(token)) lengths[row] = tokens.length + 1;
      return [token];
    });
    for (const [row, tokens] of sequences.entries()) tokens.push(...fresh[row]!);
  }
  return sequences.map((tokens, row): Found => ({
    tokens,
    length: Math.min(lengths[row]!, tokens.length),
    logProbabilities: logProbabilities[row]!,
  }));
};

/** log Σ exp */
export function logSumExp(scores: Float64Array): number {
  // Loops, as a vocabulary is long and this is done for each token.
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) most = Math.max(most, score);
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - most);
  return most + Math.log(sum);
}
