import * as tf from '@tensorflow/tfjs-core';
import { asIs, type AnyConfig, type MechanismDefinition } from '@heed/attention';
import * as v from 'valibot';

interface NearnessOptions {
  readonly width: number;
}

export interface NearnessConfig extends AnyConfig {
  readonly kind: 'nearness';
  readonly width: number;
}

/** A mechanism that nobody has: positions count by how near they are, −γ‖s − h‖², and by how seldom they were looked at. */
export const nearness: MechanismDefinition<NearnessConfig, NearnessOptions> = {
  kind: 'nearness',
  title: 'Nearness',
  formula: { text: '−γ‖s − h‖²', score: '<mi>γ</mi>', papers: [] },
  schema: v.strictObject({
    kind: v.literal('nearness'),
    name: v.optional(v.string(), 'nearness'),
    width: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  fit: asIs,
  widths: ({ width }) => ({ queryWidth: width, memoryWidth: width, contextWidth: width }),
  parameters: () => ({ gamma: { shape: [], initial: () => Float32Array.of(0.5) } }),
  bind: (_, { gamma }) => ({
    project: (keys, values) => ({ keys: tf.clone(keys), values: tf.clone(values) }),
    compare(query, { keys, values }, { state: { looks } }) {
      const distances = tf.sum(tf.square(tf.sub(tf.expandDims(query, 2), tf.expandDims(keys, 1))), -1);
      const scores = tf.sub(tf.neg(tf.mul(gamma!, distances)), tf.expandDims(looks!, 1));
      return { op: 'weightedContext', scores, value: values };
    },
  }),
  state: {
    shapes: (keys) => ({ looks: [keys] }),
    next: ({ looks }, { weights }) => ({ looks: tf.add(looks!, weights) }),
  },
  cost(tally, { width }, { batch, keys, queries, calls }) {
    tally.parameters(1).product({ m: batch * queries, k: width, n: keys }, calls);
  },
};
