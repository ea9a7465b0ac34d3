import { bindMechanism, type BoundMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import { hasBias, matrix, type Shape, type Shapes } from '../state/shapes.js';
import type { Tree } from '../state/tree.js';

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

/** What the parameters of `nn.MultiheadAttention` don't tell. */
export interface MultiHeadSettings {
  readonly heads: number;
  readonly addZeroAttn?: boolean;
}

/** `multiHead` with the parameters of `nn.MultiheadAttention`. PyTorch's matrices are [out, in], Heed's kernels [in, out]. */
export function multiHeadOf(state: Tree<tf.Tensor>, { heads, addZeroAttn = false }: MultiHeadSettings): BoundMechanism {
  const output = tf.transpose(state.get('out_proj.weight') as tf.Tensor2D); // [E, E]
  const [width] = output.shape;
  const [query, key, value] = projections(state);
  const inBias = state.optional('in_proj_bias');
  const learnedPosition = state.has('bias_k');
  const config = {
    kind: 'multiHead',
    queryWidth: width,
    memoryWidth: value.shape[1],
    keysWidth: key.shape[1],
    heads,
    bias: inBias !== undefined,
    learnedPosition,
    zeroPosition: addZeroAttn,
    seed: 0,
  };
  return bindMechanism(config, {
    query_kernel: tf.transpose(query),
    key_kernel: tf.transpose(key),
    value_kernel: tf.transpose(value),
    output_kernel: output,
    ...(inBias && biases(thirds(inBias), state.get('out_proj.bias'))),
    ...(learnedPosition && {
      position_key: tf.reshape(state.get('bias_k'), [width]),
      position_value: tf.reshape(state.get('bias_v'), [width]),
    }),
  });
}

type Three = readonly [query: tf.Tensor2D, key: tf.Tensor2D, value: tf.Tensor2D];

function projections(state: Tree<tf.Tensor>): Three {
  const packed = state.optional('in_proj_weight');
  const matrices = packed === undefined ? SEPARATE.map((key) => state.get(key)) : thirds(packed);
  return matrices as tf.Tensor[] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
}

const thirds = (x: tf.Tensor): tf.Tensor[] => tf.split(x, 3, 0);

const biases = ([query, key, value]: readonly tf.Tensor[], output: tf.Tensor): Record<string, tf.Tensor> => ({
  query_bias: query!,
  key_bias: key!,
  value_bias: value!,
  output_bias: output,
});
