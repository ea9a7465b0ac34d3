import { rotary, rotaryFrequencies, type RotaryScaling } from '@heed/attention';
import { MODEL_OPS, pathOfModelOp } from '@heed/core/model-ops';
import type * as tf from '@tensorflow/tfjs-core';
import { cannot, numberIn, type Mapping } from '../mapping.js';
import type { VectorCase } from '../vector-case.js';

/** What the options of a case say beside its scaling. */
const OTHERS: ReadonlySet<string> = new Set([
  'batch',
  'heads',
  'kvHeads',
  't',
  'width',
  'base',
  'layout',
  'rotaryWidth',
  'scaling',
]);

/** Queries and keys that turn by their positions, `in/positions` [B, T]. */
export const mapRotary: Mapping = (test) => {
  const positions = positionsOf(test);
  const width = 'rotaryWidth' in test.options ? numberIn(test, 'rotaryWidth') : numberIn(test, 'width');
  const frequencies = { width, base: numberIn(test, 'base'), scaling: scalingOf(test) };
  const length = positions.flat().reduce((most, position) => Math.max(most, position + 1), 0);
  const { inverseFrequency, attentionFactor } = rotaryFrequencies({ ...frequencies, length });
  const table = (f: (angle: number) => number): number[] =>
    positions.flatMap((row) =>
      [...row].flatMap((position) => Array.from(inverseFrequency, (theta) => attentionFactor * f(position * theta))),
    );
  const path = pathOfModelOp(MODEL_OPS.rotaryEmbedding);
  return {
    run: ({ q, k }) => {
      const turn = (x: tf.Tensor | undefined): tf.Tensor =>
        rotary(x as tf.Tensor4D, { ...frequencies, layout: layoutOf(test), positions });
      return { q: turn(q), k: turn(k) };
    },
    numbers: { inverseFrequency, attentionFactor: [attentionFactor], cos: table(Math.cos), sin: table(Math.sin) },
    path,
    reasons: path === 'fused' ? [] : ['the backend has no kernel for it'],
  };
};

function positionsOf(test: VectorCase): readonly (readonly number[])[] {
  const given = test.tensors['in/positions'];
  if (given?.shape.length !== 2) cannot(test, 'in/positions [B, T] are missing');
  const [batch, time] = given.shape as [number, number];
  const ids = Array.from(given.data);
  return Array.from({ length: batch }, (_, b) => ids.slice(b * time, (b + 1) * time));
}

function layoutOf(test: VectorCase): 'half' | 'interleaved' {
  const { layout } = test.options;
  return layout === 'half' || layout === 'interleaved' ? layout : cannot(test, `layout is ${JSON.stringify(layout)}`);
}

/** The scaling with its settings, which `rotary` checks: so one that is unknown is a failure. */
function scalingOf({ options }: VectorCase): RotaryScaling | undefined {
  const { scaling: kind = 'default' } = options;
  const settings = Object.fromEntries(Object.entries(options).filter(([name]) => !OTHERS.has(name)));
  return kind === 'default' ? undefined : ({ ...settings, kind } as RotaryScaling);
}
