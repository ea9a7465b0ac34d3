import { checkOptions, type OptionNames } from '@heed/core';
import type * as tf from '@tensorflow/tfjs-core';
import { checkAsked, MASKS, type Masks, type WeightsAsked, type WeightsOf } from './attend.js';
import type { Layout } from './layout.js';
import { throughStack, type BatchedMasks, type Stack, type StackResult } from './transformer-stack.js';

export interface EncoderCallOptions<Asked extends WeightsAsked | undefined> extends Masks {
  /** Which attention weights to give, if any. */
  readonly weights?: Asked;
}

export interface DecoderCallOptions<Asked extends WeightsAsked | undefined> extends EncoderCallOptions<Asked> {
  /** Masks of the attention to the memory. */
  readonly memory?: Masks;
}

export interface TransformerCallOptions<Asked extends WeightsAsked | undefined> {
  /** Masks of the encoder: `src_mask`, and `src_key_padding_mask` negated. */
  readonly src?: Masks;
  /** Masks of the decoder: `tgt_mask`, and `tgt_key_padding_mask` negated. */
  readonly tgt?: Masks;
  /** Masks of the decoder's attention to the encoder's output. As in PyTorch `src` isn't asked: give the `keyMask` here too. */
  readonly memory?: Masks;
  /** Which attention weights to give, if any. */
  readonly weights?: Asked;
}

/** What an encoder gives: a type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type EncoderResult<Asked extends WeightsAsked | undefined> = {
  /** Laid out as the input. */
  readonly output: tf.Tensor;
  /** Weights of each layer, when asked for. */
  readonly weights: WeightsOf<Asked, readonly tf.Tensor[]>;
};

/** What a decoder gives. */
export type DecoderResult<Asked extends WeightsAsked | undefined> = EncoderResult<Asked> & {
  /** Weights of each layer's attention to the memory, when asked for. */
  readonly crossWeights: WeightsOf<Asked, readonly tf.Tensor[]>;
};

/** What an encoder with a decoder gives. */
export type TransformerResult<Asked extends WeightsAsked | undefined> = DecoderResult<Asked> & {
  /** The encoder's output. */
  readonly memory: tf.Tensor;
  /** Weights of each of the encoder's layers, when asked for. */
  readonly encoderWeights: WeightsOf<Asked, readonly tf.Tensor[]>;
};

/**
 * An encoder, or a layer of one, of src [T, B, E]; [B, T, E] with `batchFirst`; [T, E] of one sequence.
 *
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, UNKNOWN_OPTION, UNKNOWN_NAME, DISPOSED; AXES_REQUIRED,
 *   ALIGNMENT_REQUIRED for masks
 */
export type EncoderCall = <Asked extends WeightsAsked | undefined = undefined>(
  src: tf.Tensor,
  options?: EncoderCallOptions<Asked>,
) => EncoderResult<Asked>;

/** A decoder, or a layer of one, of tgt and the memory that it attends to, both laid out so. */
export type DecoderCall = <Asked extends WeightsAsked | undefined = undefined>(
  tgt: tf.Tensor,
  memory: tf.Tensor,
  options?: DecoderCallOptions<Asked>,
) => DecoderResult<Asked>;

/** An encoder of src, and a decoder of tgt that attends to what it gives. */
export type TransformerCall = <Asked extends WeightsAsked | undefined = undefined>(
  src: tf.Tensor,
  tgt: tf.Tensor,
  options?: TransformerCallOptions<Asked>,
) => TransformerResult<Asked>;

export const ENCODER: OptionNames<EncoderCallOptions<WeightsAsked | undefined>> = { ...MASKS, weights: true };
export const DECODER: OptionNames<DecoderCallOptions<WeightsAsked | undefined>> = { ...ENCODER, memory: true };
export const TRANSFORMER: OptionNames<TransformerCallOptions<WeightsAsked | undefined>> = {
  src: true,
  tgt: true,
  memory: true,
  weights: true,
};

/** Runs stacks of one call, whose layout and wish for weights they share. */
export interface Runner {
  /** x [B, T, E]; options as they were given, with other names left out. */
  run(stack: Stack, x: tf.Tensor3D, masks: Masks, memory?: { source: tf.Tensor3D; masks: Masks }): StackResult;
  /** What was asked for of these weights, as the call has it. */
  shown<Asked extends WeightsAsked | undefined>(weights: readonly tf.Tensor[]): WeightsOf<Asked, readonly tf.Tensor[]>;
}

export function runnerOf(layout: Layout, asked: WeightsAsked | undefined): Runner {
  checkAsked(asked);
  const batched = ({ mask, bias, causal, keyMask }: Masks): BatchedMasks => ({
    mask,
    bias,
    causal,
    keyMask: layout.positions(keyMask),
  });
  return {
    run: (stack, x, masks, memory) =>
      throughStack(stack, x, {
        masks: batched(masks),
        ...(memory && { memory: { source: memory.source, masks: batched(memory.masks) } }),
        weights: asked,
      }),
    shown: <Asked extends WeightsAsked | undefined>(weights: readonly tf.Tensor[]) =>
      (asked === undefined ? undefined : weights.map((one) => layout.rows(one))) as WeightsOf<
        Asked,
        readonly tf.Tensor[]
      >,
  };
}

/** Masks that are an option of a call. */
export function masksIn(what: string, masks: Masks = {}): Masks {
  checkOptions(what, masks, MASKS);
  return masks;
}
