import { atLeast, type BenchCase } from './case.js';
import { contest } from '../contest.js';
import { inputs, type Compute, type Shape } from '../computations.js';
import { COMPOSED, HEED } from './systems.js';

export interface Pair {
  readonly fused: Compute;
  readonly composed: Compute;
  /** Target: how many times faster Heed must be; undefined when the ratio is only reported. */
  readonly target?: number;
}

/** Case that compares Heed with TensorFlow.js's ops on the same engine. */
export function pair(
  name: string,
  title: string,
  shapes: readonly Shape[],
  { fused, composed, target }: Pair,
): BenchCase {
  return {
    name,
    title,
    async run(engines, rounds) {
      const given = inputs(shapes);
      const systems = [
        await engines.heed(1)!.system(HEED, given, fused),
        await engines.plain.system(COMPOSED, given, composed),
      ];
      const standings = await contest(systems, rounds);
      for (const system of systems) await system.dispose();
      const { ratio, interval } = standings[1];
      const targets = target === undefined ? [] : [atLeast(`${name}: times ${COMPOSED}`, target, ratio, '×', interval)];
      return { case: name, title, standings, targets, leftOut: [] };
    },
  };
}
