import {
  alibi,
  alibiSlopes,
  dotProductAttention,
  maskHook,
  scoreHook,
  type DotProductAttentionOptions,
} from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { contest, ratiosOf } from '../contest.js';
import { eightHeads, inputs, withGradients, type Compute } from '../computations.js';
import { atMost } from '../figure.js';
import type { BenchCase } from './case.js';

const BUILT_IN = 'built in';
const HOOK = 'as a hook';

interface Twins {
  readonly builtIn: DotProductAttentionOptions;
  /** Made anew in each run, as a user would; what it captures is tidied with the run. */
  readonly hook: () => DotProductAttentionOptions;
  readonly gradients?: true;
  /** Target: at most how many times the built-in one's time. */
  readonly target: number;
}

/** ALiBi's slopes as something that a hook captures. */
function decay(heads: number): DotProductAttentionOptions {
  const slopes = tf.tensor1d(alibiSlopes(heads));
  return {
    scoreHook: scoreHook(
      ({ score, query, key, head }, { slopes }) => score.sub(query.sub(key).abs().mul(slopes.at(head))),
      { slopes },
    ),
  };
}

const DISTANCES: Twins = { builtIn: { bias: alibi() }, hook: () => decay(8), target: 1.15 };
const EARLIER: Twins = {
  builtIn: { causal: true },
  hook: () => ({ maskHook: maskHook(({ query, key }) => query.ge(key)) }),
  target: 1.2,
};

/** Cases that hold hooks against what is built in and says the same. */
export const hooks: readonly BenchCase[] = [
  twins('hooks-alibi', 'ALiBi as a score hook', 512, DISTANCES),
  twins('hooks-alibi-gradients', 'ALiBi as a score hook, forward and backward', 512, { ...DISTANCES, gradients: true }),
  twins('hooks-causal', 'a causal mask as a mask hook', 512, EARLIER),
  twins('hooks-causal-t2048', 'a causal mask as a mask hook', 2048, EARLIER),
];

function twins(name: string, what: string, time: number, { builtIn, hook, gradients, target }: Twins): BenchCase {
  const title = `${what}, B1 H8 T${time} D64`;
  return {
    name,
    title,
    async run(engines, rounds) {
      const shapes = gradients ? [...eightHeads(time), [1, 8, time, 64]] : eightHeads(time);
      const given = inputs(shapes);
      const compute = (options: () => DotProductAttentionOptions): Compute => {
        const context = (...[query, key, value]: tf.Tensor[]): tf.Tensor =>
          dotProductAttention(query, key, value, options()).context;
        return gradients ? withGradients(context) : context;
      };
      const engine = engines.heed(1)!;
      const systems = [
        await engine.system(
          BUILT_IN,
          given,
          compute(() => builtIn),
        ),
        await engine.system(HOOK, given, compute(hook)),
      ];
      const standings = await contest(systems, rounds);
      for (const system of systems) await system.dispose();
      const ratios = ratiosOf(standings[1], standings[0]);
      const figures = [atMost(`${name}: times ${BUILT_IN}`, target, ratios, '×')];
      return { case: name, title, standings, figures, leftOut: [] };
    },
  };
}
