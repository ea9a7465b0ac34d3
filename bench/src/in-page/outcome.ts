import type { Standing } from '../contest.js';
import type { Outcome } from '../harness.js';
import { rounded } from '../statistics.js';

/** What the outcome tells of its case. */
interface Told {
  readonly name: string;
  readonly title: string;
  readonly target: number | null;
  /** Systems of which the fastest counts; all others than Heed's by default. */
  readonly peers?: readonly string[];
}

export interface PageOutcome extends Outcome {
  readonly title: string;
  readonly peer: string;
  /** 95 % interval of the measured ratio. */
  readonly interval: readonly [low: number, high: number];
  /** Times of first runs in milliseconds, by system, each in a browser that has compiled nothing yet. */
  readonly firstUseMs: Readonly<Record<string, number>>;
  /** Standings of all systems: times, and ratios to Heed's. */
  readonly standings: readonly Standing[];
}

/**
 * Outcome of a case.
 *
 * @param standings Heed's first; the peer is the fastest of the others, by the rounds' ratios
 */
export function outcomeOf(
  { name, title, target, peers }: Told,
  standings: readonly Standing[],
  firstUseMs: Readonly<Record<string, number>>,
): PageOutcome {
  const [heed, ...others] = standings as [Standing, ...Standing[]];
  const counted = peers === undefined ? others : others.filter(({ system }) => peers.includes(system));
  const peer = counted.toSorted((a, b) => a.ratio - b.ratio)[0];
  const ratios = peer.rounds.map((ms, round) => ms / heed.rounds[round]);
  return {
    case: name,
    title,
    target,
    measured: peer.ratio,
    met: target === null ? null : peer.ratio >= target,
    interval: peer.interval,
    spread: [rounded(Math.min(...ratios)), rounded(Math.max(...ratios))],
    heedMs: heed.ms,
    peerMs: peer.ms,
    peer: peer.system,
    firstUseMs,
    rounds: ratios.length,
    standings,
  };
}
