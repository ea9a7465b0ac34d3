import { median, rounded } from './statistics.js';

/**
 * Compares two systems in one process: after a check that both compute the same, rounds in which each takes its turn, and
 * the median of the rounds' ratios. On a shared machine times wander by tens of percent within seconds; what two systems
 * took right after one another is still comparable.
 */

/** Runs the work once and hands over what it computed, so that it can't be skipped; awaits its device if it has one. */
export type Run = () => Promise<readonly Float32Array[]>;

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
  readonly rounds: number;
}

/** @throws Error when the two disagree: a comparison of different results would mean nothing. */
export async function compare(bench: BenchCase, rounds: number = bench.rounds): Promise<Outcome> {
  const { heed, peer, dispose } = bench.setUp();
  try {
    checkAgreement(bench.name, await heed(), await peer());
    // Compilers settle: Heed's kernels take a few runs, and the check above was the peer's warm-up.
    await timeOf(heed);
    const pairs: { heedMs: number; peerMs: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      // Who goes first alternates too, so that neither always finds the other's garbage.
      if (round % 2 === 0) {
        const heedMs = await timeOf(heed);
        pairs.push({ heedMs, peerMs: await timeOf(peer) });
      } else {
        const peerMs = await timeOf(peer);
        pairs.push({ heedMs: await timeOf(heed), peerMs });
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

/** Long enough to average over what a scheduler does. */
const LEAST_TIME = 150; // ms

/** Mean time of a run, over as many as fit in LEAST_TIME and at least one. */
async function timeOf(run: Run): Promise<number> {
  const start = performance.now();
  let runs = 0;
  let elapsed: number;
  do {
    await run();
    runs++;
    elapsed = performance.now() - start;
  } while (elapsed < LEAST_TIME);
  return elapsed / runs;
}

/** Both are float32 and sum in different orders; anything that isn't the same computation is off by far more. */
const TOLERANCE = 1e-4;

function checkAgreement(name: string, heed: readonly Float32Array[], peer: readonly Float32Array[]): void {
  if (heed.length !== peer.length) {
    throw new Error(`${name}: heed gave ${heed.length} results, the peer ${peer.length}`);
  }
  heed.forEach((values, n) => {
    const others = peer[n];
    if (values.length !== others.length) {
      throw new Error(`${name}: result ${n} has ${values.length} elements, the peer's ${others.length}`);
    }
    const size = others.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    const at = values.findIndex((x, i) => !(Math.abs(x - others[i]) <= TOLERANCE * size));
    if (at >= 0) throw new Error(`${name}: result ${n} is ${values[at]} at ${at}, the peer's ${others[at]}`);
  });
}
