import { bindMechanism, type BoundMechanism } from '@heed/attention';
import { checkOptions, type OptionNames } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { attend, checkAsked, MASKS, type Masks, type WeightsAsked, type WeightsOf } from './attend.js';
import type { Converted, ModuleDefinition } from './definition.js';
import { layoutOf } from './layout.js';
import { isMultiHead, multiHeadParameters, multiHeadShapes } from './multi-head.js';
import { batchFirst, checkHeads, heads, type SequenceOptions } from './options.js';

export interface MultiheadAttentionOptions extends SequenceOptions {
  /** Number of heads: `num_heads`. */
  readonly heads: number;
  /** Whether there is a key and value of zeros beside the others: `add_zero_attn`, false by default. */
  readonly addZeroAttn?: boolean;
}

export interface MultiheadAttentionInputs {
  /** [T, B, E]; [B, T, E] with `batchFirst`; [T, E] of one sequence. */
  readonly query: tf.Tensor;
  /** Likewise, of width `kdim`; the query by default. */
  readonly key?: tf.Tensor;
  /** Likewise, of width `vdim`; the key by default. */
  readonly value?: tf.Tensor;
}

export interface MultiheadAttentionCallOptions<Asked extends WeightsAsked | undefined> extends Masks {
  /** Which weights to give, if any. */
  readonly weights?: Asked;
}

/** What attention gives: a type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type MultiheadAttentionResult<Asked extends WeightsAsked | undefined> = {
  /** Laid out as the query. */
  readonly output: tf.Tensor;
  /** Weights, when asked for: [B, Tq, Tk] or [B, H, Tq, Tk], with a column more for each of `bias_k` and the zero key. */
  readonly weights: WeightsOf<Asked, tf.Tensor>;
};

/**
 * Attention of a query to keys and values, or to itself.
 *
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, UNKNOWN_OPTION, UNKNOWN_NAME, DISPOSED; AXES_REQUIRED,
 *   ALIGNMENT_REQUIRED for masks
 */
export type MultiheadAttentionCall = <Asked extends WeightsAsked | undefined = undefined>(
  inputs: tf.Tensor | MultiheadAttentionInputs,
  options?: MultiheadAttentionCallOptions<Asked>,
) => MultiheadAttentionResult<Asked>;

const KIND = 'MultiheadAttention';
const INPUTS: OptionNames<MultiheadAttentionInputs> = { query: true, key: true, value: true };
const CALL: OptionNames<MultiheadAttentionCallOptions<WeightsAsked | undefined>> = { ...MASKS, weights: true };

/** `torch.nn.MultiheadAttention`. */
export const multiheadAttention: ModuleDefinition<
  typeof KIND,
  MultiheadAttentionOptions,
  Required<MultiheadAttentionOptions>,
  MultiheadAttentionCall
> = {
  kind: KIND,
  schema: v.strictObject({ heads, addZeroAttn: v.optional(v.boolean(), false), batchFirst }),
  recognises: isMultiHead,
  expects(shapes, { heads }) {
    const expected = multiHeadShapes(shapes);
    checkHeads(KIND, heads, expected['out_proj.weight']![0]!);
    return expected;
  },
  convert: multiHeadParameters,
  create(converted, settings) {
    const mechanism = bound(converted, settings);
    return <Asked extends WeightsAsked | undefined>(
      inputs: tf.Tensor | MultiheadAttentionInputs,
      options: MultiheadAttentionCallOptions<Asked> = {},
    ): MultiheadAttentionResult<Asked> => {
      checkOptions<MultiheadAttentionCallOptions<WeightsAsked | undefined>>(`${KIND}: call`, options, CALL);
      const { weights: asked, keyMask, ...masks } = options;
      checkAsked(asked);
      const given = inputs instanceof tf.Tensor ? { query: inputs } : inputs;
      checkOptions<MultiheadAttentionInputs>(`${KIND}: inputs`, given, INPUTS);
      const { query, key = query, value = key } = given;
      const layout = layoutOf(`${KIND}: query`, query, settings.batchFirst);
      const sources = {
        query: layout.sequences(`${KIND}: query`, query, mechanism.queryWidth),
        key: layout.sequences(`${KIND}: key`, key, mechanism.keysWidth),
        value: layout.sequences(`${KIND}: value`, value, mechanism.memoryWidth),
      };
      const seen = attend(mechanism, sources, { ...masks, keyMask: layout.positions(keyMask) }, asked);
      const weights = (seen.weights && layout.rows(seen.weights)) as WeightsOf<Asked, tf.Tensor>;
      return { output: layout.back(seen.context), weights };
    };
  },
};

function bound(converted: Converted, { heads, addZeroAttn }: Required<MultiheadAttentionOptions>): BoundMechanism {
  const { query_kernel: query, key_kernel: key, value_kernel: value } = converted;
  const config = {
    kind: 'multiHead',
    queryWidth: query!.shape[0],
    memoryWidth: value!.shape[0],
    keysWidth: key!.shape[0],
    heads,
    bias: 'query_bias' in converted,
    learnedPosition: 'position_key' in converted,
    zeroPosition: addZeroAttn,
    seed: 0,
  };
  return bindMechanism(config, converted);
}
