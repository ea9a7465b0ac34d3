import { contest, ratiosOf } from '../contest.js';
import { atLeast, atMost, type Figure } from '../figure.js';
import type { BenchCase } from './case.js';
import { inputs, type Compute, type Shape } from '../computations.js';
import { COMPOSED, HEED } from './systems.js';

export interface Pair {
  readonly fused: Compute;
  readonly composed: Compute;
  /** Target: how many times faster Heed must be; undefined when the ratio is only reported. */
  readonly target?: number;
  /** The forward computation alone, of the same inputs, and at most how many times as long its gradients may take. */
  readonly forward?: { readonly compute: Compute; readonly most: number };
}

const FORWARD = `${HEED}, forward alone`;

/** Case that compares Heed with TensorFlow.js's ops on the same engine. */
export function pair(
  name: string,
  title: string,
  shapes: readonly Shape[],
  { fused, composed, target, forward }: Pair,
): BenchCase {
  return {
    name,
    title,
    async run(engines, rounds) {
      const given = inputs(shapes);
      const heed = engines.heed(1)!;
      const systems = [
        await heed.system(HEED, given, fused),
        await engines.plain.system(COMPOSED, given, composed),
        ...(forward ? [{ ...(await heed.system(FORWARD, given, forward.compute)), computes: FORWARD }] : []),
      ];
      const standings = await contest(systems, rounds);
      for (const system of systems) await system.dispose();
      const [both, others, alone] = standings;
      const figures: Figure[] = [atLeast(`${name}: times ${COMPOSED}`, target ?? null, ratiosOf(others, both), '×')];
      if (forward) {
        const backward = ratiosOf(both, alone).map((ratio) => ratio - 1);
        figures.push(atMost(`${name}: backward, times forward`, forward.most, backward, '×'));
      }
      return { case: name, title, standings, figures, leftOut: [] };
    },
  };
}
