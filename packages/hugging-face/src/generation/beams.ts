import { greatest } from '@heed/networks';
import { logSumExp } from './greedy.js';
import type { Generation } from './options.js';
import type { Scores } from './processors.js';
import type { Found, Search, SearchCall } from './search.js';

/** A sequence that is being continued. */
interface Beam {
  readonly tokens: readonly number[];
  /** Sum of the log-probabilities, after the rules of the settings. */
  readonly sum: number;
  readonly logProbabilities: readonly number[];
}

interface Candidate extends Beam {
  /** Number of the beam that it continues, among those of all prompts. */
  readonly from: number;
  readonly isEnd: boolean;
}

interface Ended extends Beam {
  readonly score: number;
}

/** A prompt with its beams. */
interface Row {
  readonly running: readonly Beam[];
  /** The best that have ended, the best first; as many as there are beams at most. */
  readonly ended: readonly Ended[];
  /** Whether a running beam could still become better than the worst that has ended. */
  readonly canImprove: boolean;
  /** Which beams go on, by their numbers among those of all prompts. */
  readonly order: readonly number[];
  readonly isAtEnd: boolean;
}

/** How far a search is, in tokens that are new. */
interface Extent {
  readonly length: number;
  readonly most: number;
}

/** As transformers keeps out what doesn't count, beams that are there for their number alone among them. */
const NEVER = -1e9;

/**
 * Beam search as transformers has it: each step takes the best candidates of a prompt, of which those that end count when they are among the
 * first as many as there are beams; a beam's score is its log-probability by its length to the power of the penalty.
 *
 * @see https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/generation/utils.py, `_beam_search`
 */
export const beams: Search = async ({ session, generation, process, maxLength, scoresOf }) => {
  const { beams: count, ends } = generation;
  const promptLength = session.prompts[0]!.length;
  const candidateCount = Math.max(2, 1 + ends.length) * count;
  const isEnd = (token: number, length: number): boolean => ends.includes(token) || length >= maxLength;
  const candidatesOf = (running: readonly Beam[], scores: readonly Scores[], first: number): readonly Candidate[] =>
    running
      .flatMap((beam, n) => continued(beam, first + n, scores[first + n]!, { count: candidateCount, process, isEnd }))
      .toSorted(bySum)
      .slice(0, candidateCount);

  let rows = session.prompts.map((prompt, n): Row => {
    const running = Array.from({ length: count }, (_, beam) => ({
      tokens: prompt,
      sum: beam === 0 ? 0 : NEVER,
      logProbabilities: [],
    }));
    return { running, ended: [], canImprove: true, order: running.map(() => n), isAtEnd: false };
  });
  // Prompts are read once, and then each goes on as often as there are beams.
  const ofPrompts = await scoresOf(session.prompts);
  let scores: readonly Scores[] = rows.flatMap(({ order }) => order.map((row) => ofPrompts[row]!));
  session.gather(Int32Array.from(rows.flatMap(({ order }) => order)));
  for (let length = 1; ; length++) {
    const extent = { length, most: maxLength - promptLength };
    rows = rows.map((row, n) => step(row, candidatesOf(row.running, scores, n * count), generation, extent));
    if (!goOn(rows, generation)) return filled(rows, generation, promptLength);
    session.gather(Int32Array.from(rows.flatMap(({ order }) => order)));
    scores = await scoresOf(rows.flatMap(({ running }) => running.map(({ tokens }) => tokens.slice(-1))));
  }
};

interface ContinuedBy {
  /** Number of candidates. */
  readonly count: number;
  readonly process: SearchCall['process'];
  /** Whether a token ends a sequence, which has so many with it. */
  readonly isEnd: (token: number, length: number) => boolean;
}

/** The best continuations of a beam by one token. */
function continued(
  { tokens, sum, logProbabilities }: Beam,
  from: number,
  logits: Scores,
  { count, process, isEnd }: ContinuedBy,
): readonly Candidate[] {
  const normalizer = logSumExp(logits);
  const scores = logits.map((logit) => logit - normalizer);
  const plain = scores.slice();
  process(scores, tokens);
  return greatest(scores, count).map((token) => ({
    tokens: [...tokens, token],
    sum: sum + scores[token]!,
    logProbabilities: [...logProbabilities, plain[token]!],
    from,
    isEnd: isEnd(token, tokens.length + 1),
  }));
}

function step(row: Row, candidates: readonly Candidate[], generation: Generation, extent: Extent): Row {
  const { beams: count, lengthPenalty, earlyStopping } = generation;
  const isFull = row.ended.length === count;
  const counts = row.canImprove && !(isFull && earlyStopping === true);
  const fresh = counts
    ? candidates
        .slice(0, count)
        .filter(({ isEnd }) => isEnd)
        .map(({ tokens, sum, logProbabilities }): Ended => {
          return { tokens, sum, logProbabilities, score: sum / extent.length ** lengthPenalty };
        })
    : [];
  const ended = [...row.ended, ...fresh].toSorted((a, b) => b.score - a.score).slice(0, count);
  const goingOn = candidates
    .map((beam) => (beam.isEnd ? { ...beam, sum: beam.sum + NEVER } : beam))
    .toSorted(bySum)
    .slice(0, count);
  return {
    running: goingOn,
    ended,
    canImprove: row.canImprove && canImprove(goingOn[0]!.sum, ended, generation, extent),
    order: goingOn.map(({ from }) => from),
    isAtEnd: candidates.every(({ isEnd }) => isEnd),
  };
}

/** Whether the best running beam could become better than the worst that has ended, were it not to lose any more. */
function canImprove(sum: number, ended: readonly Ended[], generation: Generation, { length, most }: Extent): boolean {
  const { beams: count, lengthPenalty, earlyStopping } = generation;
  const atBest = sum / (earlyStopping === 'never' && lengthPenalty > 0 ? most : length) ** lengthPenalty;
  return atBest > (ended.length < count ? NEVER : ended.at(-1)!.score);
}

function goOn(rows: readonly Row[], { beams: count, earlyStopping }: Generation): boolean {
  const areFull = rows.every(({ ended }) => ended.length === count);
  return (
    rows.some(({ canImprove }) => canImprove) &&
    !(areFull && earlyStopping === true) &&
    !rows.every(({ isAtEnd }) => isAtEnd)
  );
}

/** The best of each prompt, all as long as the longest of them. */
function filled(rows: readonly Row[], { returned, pad, ends }: Generation, promptLength: number): readonly Found[] {
  const best = rows.flatMap(({ ended }) => ended.slice(0, returned));
  const longest = best.reduce((most, { tokens }) => Math.max(most, tokens.length), promptLength);
  // As in transformers: beams are filled with the end where the pad is token 0.
  const filler = (pad === 0 ? undefined : pad) ?? ends[0] ?? 0;
  return best.map(({ tokens, logProbabilities, score }) => ({
    tokens: [...tokens, ...Array.from({ length: longest - tokens.length }, () => filler)],
    length: tokens.length,
    logProbabilities,
    score,
  }));
}

/** The greater sum first; −∞ equals −∞. */
const bySum = (a: Beam, b: Beam): number => (a.sum === b.sum ? 0 : a.sum < b.sum ? 1 : -1);
