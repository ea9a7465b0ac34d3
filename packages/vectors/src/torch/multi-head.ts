import type { MultiHeadOptions } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { StateDict } from './state-dict.js';

/** What the parameters of `nn.MultiheadAttention` don't tell. */
export interface MultiHeadSettings {
  readonly heads: number;
  /** Its `add_zero_attn`. */
  readonly zeroPosition?: boolean;
}

export interface MultiHeadFromTorch {
  readonly config: MultiHeadOptions & { readonly kind: 'multiHead' };
  /** By the keys of `multiHead`. */
  readonly parameters: Readonly<Record<string, tf.Tensor>>;
}

/**
 * `nn.MultiheadAttention` as `multiHead`. Its three projections are rows of one matrix, `in_proj_weight` [3E, E], or three matrices where
 * `kdim` or `vdim` isn't E; their biases are always one vector. `bias_k` and `bias_v` are a learned position.
 */
export function multiHeadFromTorch(
  state: StateDict,
  { heads, zeroPosition = false }: MultiHeadSettings,
): MultiHeadFromTorch {
  const output = state.kernel('out_proj.weight'); // [E, E]
  const [width] = output.shape;
  const thirds = (x: tf.Tensor): tf.Tensor[] => tf.split(x, 3, 0);
  const packed = state.optional('in_proj_weight');
  const [query, key, value] =
    packed === undefined ? ['q', 'k', 'v'].map((name) => state.get(`${name}_proj_weight`)) : thirds(packed);
  const inBias = state.optional('in_proj_bias');
  const learnedPosition = state.has('bias_k');
  return {
    config: {
      kind: 'multiHead',
      queryWidth: width,
      memoryWidth: value!.shape[1]!,
      keysWidth: key!.shape[1]!,
      heads,
      headWidth: width / heads,
      outputWidth: width,
      bias: inBias !== undefined,
      learnedPosition,
      zeroPosition,
      seed: 0,
    },
    parameters: {
      query_kernel: tf.transpose(query!),
      key_kernel: tf.transpose(key!),
      value_kernel: tf.transpose(value!),
      output_kernel: output,
      ...(inBias && biases(thirds(inBias), state.get('out_proj.bias'))),
      ...(learnedPosition && {
        position_key: tf.reshape(state.get('bias_k'), [width]),
        position_value: tf.reshape(state.get('bias_v'), [width]),
      }),
    },
  };
}

const biases = ([query, key, value]: readonly tf.Tensor[], output: tf.Tensor): Record<string, tf.Tensor> => ({
  query_bias: query!,
  key_bias: key!,
  value_bias: value!,
  output_bias: output,
});
