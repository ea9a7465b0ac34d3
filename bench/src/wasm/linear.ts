import { contest, ratiosOf } from '../contest.js';
import { atLeast } from '../figure.js';
import type { BenchCase } from './case.js';
import {
  causalDotProduct,
  eightHeads,
  gatedDelta,
  inputs,
  plainLinear,
  withGradients,
  type Compute,
  type Shape,
} from '../computations.js';
import { HEED } from './systems.js';

const TIME = 4096;
const HEADS: readonly Shape[] = eightHeads(TIME);
const PER_STEP: readonly Shape[] = [
  [1, 8, TIME],
  [1, 8, TIME],
];
const COTANGENT: Shape = [1, 8, TIME, 64];

/** Cases that compare linear attention with softmax attention at a length where the difference between T and T² should tell. */
export const linear = (): readonly BenchCase[] => [
  against('linear-forward', 'linear attention forward', HEADS, plainLinear, causalDotProduct, 10),
  against('linear-gated-delta', 'gated delta rule forward', [...HEADS, ...PER_STEP], gatedDelta, causalDotProduct, 5),
  against(
    'linear-gradients',
    'linear attention forward and backward',
    [...HEADS, COTANGENT],
    withGradients(plainLinear),
    withGradients(causalDotProduct),
    5,
  ),
];

/** One thread on both sides, since linear attention uses one. */
function against(
  name: string,
  title: string,
  shapes: readonly Shape[],
  compute: Compute,
  softmax: Compute,
  target: number,
): BenchCase {
  const full = `${title}, B1 H8 T${TIME} D64, against causal softmax attention`;
  return {
    name,
    title: full,
    async run(engines, rounds) {
      const given = inputs(shapes);
      const engine = engines.heed(1)!;
      const systems = [
        { ...(await engine.system(HEED, given, compute)), computes: 'linear' },
        { ...(await engine.system('causal softmax, heed-wasm', given, softmax)), computes: 'softmax' },
      ];
      const standings = await contest(systems, rounds);
      for (const system of systems) await system.dispose();
      const ratios = ratiosOf(standings[1], standings[0]);
      const figures = [atLeast(`${name}: times causal softmax`, target, ratios, '×')];
      return { case: name, title: full, standings, figures, leftOut: [] };
    },
  };
}
