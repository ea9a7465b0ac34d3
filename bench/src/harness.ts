import { median, rounded } from './statistics.js';
import { checkAgreement, timeOf, type Run } from './timing.js';

/**
 * Compares two systems in one process: after a check that both compute the same, rounds in which each takes its turn, and
 * the median of the rounds' ratios. On a shared machine times wander by tens of percent within seconds; what two systems
 * took right after one another is still comparable.
 */

/** Long enough to average over what a scheduler does. */
const LEAST_TIME = 150; // ms

export interface Contest {
  readonly heed: Run;
  readonly peer: Run;
  readonly dispose: () => void;
}

export interface BenchCase {
  readonly name: string;
  /** Shapes and what is done with them, for people. */
  readonly title: string;
  /** How many times faster than the peer Heed has to be; null when it is only reported. */
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
  /** Lowest and highest ratio of a round. */
  readonly spread: readonly [low: number, high: number];
  /** Medians, in milliseconds a run. */
  readonly heedMs: number;
  readonly peerMs: number;
  /** Which of several peers: the fastest. */
  readonly peer?: string;
  readonly rounds: number;
}

/** @throws Disagreement */
export async function compare(bench: BenchCase, rounds: number = bench.rounds): Promise<Outcome> {
  const { heed, peer, dispose } = bench.setUp();
  try {
    const expected = await heed();
    checkAgreement(`${bench.name}: the peer`, expected, await peer());
    // Compilers settle: Heed's kernels take a few runs, and the check above was the peer's warm-up.
    await timeOf(heed, LEAST_TIME);
    const pairs: { heedMs: number; peerMs: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      // Who goes first alternates too, so that neither always finds the other's garbage.
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
      rounds,
    };
  } finally {
    dispose();
  }
}
