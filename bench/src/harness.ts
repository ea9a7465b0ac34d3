import { median, rounded } from './statistics.js';
import { checkAgreement, timeOf, type RunOnce } from './timing.js';

/**
 * Comparison of two systems in one process: after a check that both compute the same, they take turns in rounds, and the result is
 * the median of the rounds' ratios. On a shared machine, times change by tens of per cent within seconds, but two times that were
 * measured right after each other can be compared.
 */

/** Least time of a turn, long enough to average over interruptions by the scheduler. */
const LEAST_TIME = 150; // ms

export interface Contest {
  readonly heed: RunOnce;
  readonly peer: RunOnce;
  /** What the peer is, when it computes something else: as much work, for a measure of how fast work can be. */
  readonly yardstick?: string;
  readonly dispose: () => void;
}

export interface BenchCase {
  readonly name: string;
  /** Title for people: the computation and its shapes. */
  readonly title: string;
  /** Target: how many times faster than the peer Heed must be; null when the ratio is only reported. */
  readonly target: number | null;
  readonly rounds: number;
  setUp(): Contest;
}

export interface Outcome {
  readonly case: string;
  readonly target: number | null;
  /** Median over rounds of the peer's time divided by Heed's. */
  readonly measured: number;
  readonly met: boolean | null;
  /** Lowest and highest ratio of the rounds. */
  readonly spread: readonly [low: number, high: number];
  /** Median time of Heed for one run, in milliseconds; `peerMs` is the peer's. */
  readonly heedMs: number;
  readonly peerMs: number;
  /** Name of the peer, the fastest when there are several. */
  readonly peer?: string;
  readonly rounds: number;
}

/**
 * Runs a case.
 *
 * @throws Disagreement when the two systems have different results
 */
export async function compare(bench: BenchCase, rounds: number = bench.rounds): Promise<Outcome> {
  const { heed, peer, yardstick, dispose } = bench.setUp();
  try {
    const expected = await heed();
    const others = await peer();
    if (yardstick === undefined) checkAgreement(`${bench.name}: the peer`, expected, others);
    // The compiler needs a few runs of Heed's kernels to optimise them; the check above was the peer's warm-up.
    await timeOf(heed, LEAST_TIME);
    const pairs: { heedMs: number; peerMs: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      // The order alternates, so that garbage of one system isn't always collected in the other's turn.
      if (round % 2 === 0) {
        const heedMs = await timeOf(heed, LEAST_TIME);
        pairs.push({ heedMs, peerMs: await timeOf(peer, LEAST_TIME) });
      } else {
        const peerMs = await timeOf(peer, LEAST_TIME);
        pairs.push({ heedMs: await timeOf(heed, LEAST_TIME), peerMs });
      }
    }
    const ratios = pairs.map(({ heedMs, peerMs }) => peerMs / heedMs);
    const measured = median(ratios);
    return {
      case: bench.name,
      target: bench.target,
      measured: rounded(measured),
      met: bench.target === null ? null : measured >= bench.target,
      spread: [rounded(Math.min(...ratios)), rounded(Math.max(...ratios))],
      heedMs: rounded(median(pairs.map(({ heedMs }) => heedMs))),
      peerMs: rounded(median(pairs.map(({ peerMs }) => peerMs))),
      ...(yardstick !== undefined && { peer: yardstick }),
      rounds,
    };
  } finally {
    dispose();
  }
}
