import { significant } from './io/numbers.js';

/** How long something takes, in milliseconds, as far as some rounds can tell. */
export interface Timing {
  /** Median of the rounds. */
  readonly ms: number;
  /** Between these the median lies with a probability of at least 90 %; of fewer than five rounds, the fastest and the slowest. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

const CONFIDENCE = 0.9;
// The fastest and the slowest of five rounds have the median between them with 1 − 2 · 2⁻⁵ = 94 %, of four with 88 %.
const LEAST_ROUNDS = 5;

export function timingOf(times: readonly number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const rank = rankOf(sorted.length);
  return {
    ms: sorted[sorted.length >> 1],
    low: sorted[rank],
    high: sorted.at(-1 - rank)!,
    rounds: sorted.length,
  };
}

/** Whether two times differ by more than noise: neither median can be the other. */
export function differ(a: Timing, b: Timing): boolean {
  return Math.min(a.rounds, b.rounds) >= LEAST_ROUNDS && (a.high < b.low || b.high < a.low);
}

/** "+3.2 ms", or why that can't be said. */
export function difference(a: Timing, b: Timing): string {
  if (differ(a, b)) return `${a.ms < b.ms ? '−' : '+'}${duration(Math.abs(a.ms - b.ms))}`;
  return Math.min(a.rounds, b.rounds) < LEAST_ROUNDS ? `needs ${LEAST_ROUNDS} rounds` : 'within noise';
}

/** "12.3 ms (11.9–13)", "1.23 s (1.2–1.3)" */
export function withSpread({ ms, low, high }: Timing): string {
  const { unit, size } = unitOf(ms);
  return `${significant(ms / size)} ${unit} (${significant(low / size)}–${significant(high / size)})`;
}

/** What the numbers of `withSpread` are. */
export const howTimed = ({ rounds }: Timing): string =>
  `median of ${rounds} (in brackets: ${rounds < LEAST_ROUNDS ? 'fastest and slowest' : 'its 90 % range'})`;

function duration(ms: number): string {
  const { unit, size } = unitOf(ms);
  return `${significant(ms / size)} ${unit}`;
}

const unitOf = (ms: number) => (ms < 1000 ? { unit: 'ms', size: 1 } : { unit: 's', size: 1000 });

/**
 * How many of the sorted values may be left out at each end: the number of values below the median is binomial with ½, whatever
 * the times are distributed like.
 */
function rankOf(count: number): number {
  let outside = 0;
  let logShare = count * Math.log(1 / 2); // of C(count, rank) / 2^count
  for (let rank = 0; rank < count / 2; rank++) {
    outside += 2 * Math.exp(logShare);
    if (1 - outside < CONFIDENCE) return Math.max(0, rank - 1);
    logShare += Math.log((count - rank) / (rank + 1));
  }
  return 0;
}
