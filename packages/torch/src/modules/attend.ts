import type { AttendOptions, BoundMechanism } from '@heed/attention';
import { checkName } from '@heed/base';
import type { OptionNames } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';

/** What hides positions from attention. In each of these true attends, as everywhere in Heed: the opposite of PyTorch's modules. */
export interface Masks extends Pick<AttendOptions, 'mask' | 'bias' | 'causal'> {
  /** Which keys take part at all, bool [B, Tk]: `key_padding_mask` negated. [Tk] of one sequence. */
  readonly keyMask?: tf.Tensor;
}

export const MASKS: OptionNames<Masks> = { mask: true, bias: true, causal: true, keyMask: true };

/** Attention weights as their mean over the heads, [B, Tq, Tk], or of each head, [B, H, Tq, Tk]. */
export type WeightsAsked = 'mean' | 'heads';

/** Weights, where they were asked for. */
export type WeightsOf<Asked extends WeightsAsked | undefined, Weights> = Asked extends WeightsAsked
  ? Weights
  : undefined;

/** @throws HeedError UNKNOWN_NAME */
export function checkAsked(asked: WeightsAsked | undefined): void {
  if (asked !== undefined) checkName('kind of weights', asked, ['mean', 'heads']);
}

interface Sources {
  /** [B, Tq, E] */
  readonly query: tf.Tensor3D;
  /** [B, Tk, …]; the query by default. */
  readonly key?: tf.Tensor3D;
  /** [B, Tk, …]; the key by default. */
  readonly value?: tf.Tensor3D;
}

/** Attention with PyTorch's weights: after the memory's columns come those of `bias_k` and of `add_zero_attn`. */
export function attend(
  mechanism: BoundMechanism,
  { query, key = query, value = key }: Sources,
  { keyMask, ...options }: Omit<Masks, 'keyMask'> & { readonly keyMask?: tf.Tensor2D | undefined },
  asked: WeightsAsked | undefined,
): { readonly context: tf.Tensor3D; readonly weights: tf.Tensor | undefined } {
  const memory = mechanism.prepare(value, { mask: keyMask, ...(key !== value && { keys: key }) });
  if (asked === undefined) return { context: mechanism.attend(query, memory, options).context, weights: undefined };
  const { context, weights } = mechanism.attend(query, memory, { ...options, returnWeights: true });
  const { learnedPosition, zeroPosition } = mechanism.config() as { learnedPosition?: boolean; zeroPosition?: boolean };
  if (!learnedPosition && !zeroPosition) return { context, weights: shown(weights, asked) };
  const { between } = mechanism.parts(query, memory, options);
  const own = [between['learnedPosition'], between['zeroPosition']].filter((column) => column !== undefined);
  return {
    context,
    weights: shown(tf.concat([weights, ...own.map((column) => tf.expandDims(column, -1))], -1), asked),
  };
}

const shown = (weights: tf.Tensor, asked: WeightsAsked): tf.Tensor =>
  asked === 'mean' ? tf.mean(weights, 1) : weights;
