import * as tf from '@tensorflow/tfjs-core';
import type { AttentionProblem } from '../engine/jobs.js';

/** What a mechanism makes of query and memory before it compares them. */
export type Projections =
  | {
      readonly op: 'dot';
      /** [1, H, T, D] each. */
      readonly query: tf.Tensor4D;
      readonly key: tf.Tensor4D;
      readonly value: tf.Tensor4D;
      readonly scale: number;
      readonly output?: { readonly kernel: tf.Tensor2D; readonly bias: tf.Tensor1D };
    }
  | {
      readonly op: 'additive';
      /** [1, T, U] each. */
      readonly query: tf.Tensor3D;
      readonly key: tf.Tensor3D;
      readonly vector: tf.Tensor1D;
      readonly value: tf.Tensor3D;
    };

type Parameters = Readonly<Record<string, tf.Tensor>>;

/** The parts of `@heed/attention`'s mechanisms one by one, which the library keeps to itself; a test holds them together. */
export function project(
  { mechanism, width, heads }: AttentionProblem,
  parameters: Parameters,
  s: tf.Tensor2D,
  h: tf.Tensor2D,
): Projections {
  const times = (x: tf.Tensor2D, key: string): tf.Tensor2D => tf.matMul(x, parameters[key] as tf.Tensor2D);
  const linear = (x: tf.Tensor2D, layer: string): tf.Tensor2D =>
    tf.add(times(x, `${layer}_kernel`), parameters[`${layer}_bias`]);
  switch (mechanism) {
    case 'dot':
      return { op: 'dot', query: split(s), key: split(h), value: split(h), scale: 1 };
    case 'scaledDotProduct':
      return { op: 'dot', query: split(s), key: split(h), value: split(h), scale: 1 / Math.sqrt(width) };
    case 'general':
      return { op: 'dot', query: split(s), key: split(times(h, 'memory_kernel')), value: split(h), scale: 1 };
    case 'multiHead':
      return {
        op: 'dot',
        query: split(linear(s, 'query'), heads),
        key: split(linear(h, 'key'), heads),
        value: split(linear(h, 'value'), heads),
        scale: 1 / Math.sqrt(width / heads),
        output: {
          kernel: parameters['output_kernel'] as tf.Tensor2D,
          bias: parameters['output_bias'] as tf.Tensor1D,
        },
      };
    case 'additive':
      return {
        op: 'additive',
        query: batched(tf.add(times(s, 'query_kernel'), parameters['bias'])),
        key: batched(times(h, 'memory_kernel')),
        vector: parameters['vector'] as tf.Tensor1D,
        value: batched(h),
      };
    case 'concat': {
      const kernel = parameters['kernel'] as tf.Tensor2D;
      const [both, units] = kernel.shape;
      return {
        op: 'additive',
        query: batched(tf.matMul(s, tf.slice(kernel, [0, 0], [width, units]))),
        key: batched(tf.matMul(h, tf.slice(kernel, [width, 0], [both - width, units]))),
        vector: parameters['vector'] as tf.Tensor1D,
        value: batched(h),
      };
    }
  }
}

/** [T, H·D] → [1, H, T, D] */
function split(x: tf.Tensor2D, heads = 1): tf.Tensor4D {
  const [time, width] = x.shape;
  return tf.transpose(tf.reshape(x, [1, time, heads, width / heads]), [0, 2, 1, 3]);
}

const batched = (x: tf.Tensor2D): tf.Tensor3D => tf.expandDims(x, 0);
