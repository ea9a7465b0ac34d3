import * as tf from '@tensorflow/tfjs-core';
import { hasBias, matrix, type Shape, type Shapes } from '../state/shapes.js';
import type { Tree } from '../state/tree.js';
import type { Converted } from './definition.js';

const SEPARATE = ['q_proj_weight', 'k_proj_weight', 'v_proj_weight'] as const;

/** Keys that only multi-head attention has. */
export const isMultiHead = (shapes: Tree<Shape>): boolean =>
  ['in_proj_weight', 'in_proj_bias', ...SEPARATE].some((key) => shapes.has(key));

/**
 * Shapes of the parameters of `nn.MultiheadAttention`. Its three projections are rows of one matrix, [3E, E], or three matrices where `kdim`
 * or `vdim` isn't E; their biases are always one vector.
 */
export function multiHeadShapes(shapes: Tree<Shape>, bias = hasBias(shapes)): Shapes {
  const [width] = matrix(shapes, 'out_proj.weight');
  const isSeparate = SEPARATE.some((key) => shapes.has(key));
  const widthOf = (key: string): number => matrix(shapes, key)[1];
  return {
    ...(isSeparate
      ? {
          q_proj_weight: [width, width],
          k_proj_weight: [width, widthOf('k_proj_weight')],
          v_proj_weight: [width, widthOf('v_proj_weight')],
        }
      : { in_proj_weight: [3 * width, width] }),
    'out_proj.weight': [width, width],
    ...(bias && { in_proj_bias: [3 * width], 'out_proj.bias': [width] }),
    ...((shapes.has('bias_k') || shapes.has('bias_v')) && { bias_k: [1, 1, width], bias_v: [1, 1, width] }),
  };
}

/** Parameters of `nn.MultiheadAttention` as `multiHead` has them. PyTorch's matrices are [out, in], Heed's kernels [in, out]. */
export function multiHeadParameters(state: Tree<tf.Tensor>): Converted {
  const packed = state.optional('in_proj_weight');
  const [query, key, value] = packed === undefined ? SEPARATE.map((name) => state.get(name)) : thirds(packed);
  const bias = state.optional('in_proj_bias');
  const [queryBias, keyBias, valueBias] = bias === undefined ? [] : thirds(bias);
  return {
    query_kernel: tf.transpose(query!),
    key_kernel: tf.transpose(key!),
    value_kernel: tf.transpose(value!),
    output_kernel: tf.transpose(state.get('out_proj.weight')),
    ...(bias && {
      query_bias: queryBias!,
      key_bias: keyBias!,
      value_bias: valueBias!,
      output_bias: state.get('out_proj.bias'),
    }),
    ...(state.has('bias_k') && {
      position_key: tf.reshape(state.get('bias_k'), [-1]),
      position_value: tf.reshape(state.get('bias_v'), [-1]),
    }),
  };
}

const thirds = (x: tf.Tensor): tf.Tensor[] => tf.split(x, 3, 0);
