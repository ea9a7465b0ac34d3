import type { Standing } from '../contest.js';
import type { Outcome } from '../harness.js';
import { rounded } from '../statistics.js';
import type { WebglCase } from './cases.js';

export interface WebglOutcome extends Outcome {
  readonly title: string;
  readonly peer: string;
  /** Of the measured ratio, 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** First runs, each in a browser that has compiled nothing yet, in milliseconds by system. */
  readonly firstUseMs: Readonly<Record<string, number>>;
  /** All systems, with their milliseconds and their ratios to Heed. */
  readonly standings: readonly Standing[];
}

/** @param standings Heed's first; the peer is the fastest of the others, by the rounds' ratios */
export function outcomeOf(
  { name, title, target }: WebglCase,
  standings: readonly Standing[],
  firstUseMs: Readonly<Record<string, number>>,
): WebglOutcome {
  const [heed, ...others] = standings as [Standing, ...Standing[]];
  const peer = others.toSorted((a, b) => a.ratio - b.ratio)[0];
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
