import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { asked } from '@heed/attention';
import type { Dropout, Mask } from '@heed/core';
import { isRecording } from '../engine.js';
import { emptyRows } from './empty-rows.js';
import { meanInRows, onlyRows } from './rows.js';

/** Options of an op whose scores can be made smaller by a factor. */
export interface WeighOptions {
  readonly mask?: Mask | undefined;
  readonly dropout?: Dropout | undefined;
  readonly returnWeights: boolean;
  readonly returnLogSumExp: boolean;
  /** Factor of the scores. */
  readonly factor: number;
}

export interface Weighed {
  /** [B, Tq, Dv] */
  readonly context: Tensor;
  /** [B, Tq, Tk] */
  readonly weights: Tensor | undefined;
  /** [B, Tq] */
  readonly logSumExp: Tensor | undefined;
}

/** Scores of this part of themselves have a uniform softmax, to the bit, and gradients that are still normal float32 numbers. */
const SLIGHT = 2 ** -40;

/**
 * An op as Keras's `Attention` computes it: a query that may attend to no key has uniform weights, over the padding too, and gradients flow
 * through its scores as softmax's do, since Keras subtracts 10⁹ from masked scores instead of leaving them out.
 *
 * @param weigh the op, on these values [B, Tk, Dv]
 */
export function withUniformRows(
  weigh: (values: Tensor, options: WeighOptions) => Weighed,
  values: Tensor,
  options: { readonly mask: Mask; readonly dropout: Dropout | undefined; readonly returnWeights: boolean },
): Weighed {
  const { context, weights, logSumExp } = weigh(values, { ...options, returnLogSumExp: true, factor: 1 });
  const empty = emptyRows(logSumExp!); // [B, Tq, 1]
  const { returnWeights } = options;
  const slight = isRecording()
    ? weigh(asked(values, tf.clone), { returnWeights, returnLogSumExp: false, factor: SLIGHT })
    : undefined;
  // Rows without a key are zeros already.
  const sum = (parts: readonly (Tensor | undefined)[]): Tensor => tf.addN(parts.filter((part) => part !== undefined));
  const through = (x: Tensor | undefined): Tensor | undefined => x && onlyRows(gradientOnly(x), empty);
  const means = tf.squeeze(meanInRows(tf.expandDims(values, 1), tf.expandDims(empty, 1)), [1]);
  const equal = weights && onlyRows(tf.fill(weights.shape, 1 / values.shape[1]!), empty);
  return {
    context: sum([context, means, through(slight?.context)]),
    weights: weights && sum([weights, equal, through(slight?.weights)]),
    logSumExp,
  };
}

/** 0 with the gradient of x / SLIGHT. */
const gradientOnly = (x: Tensor): Tensor => tf.mul(tf.sub(x, asked(x, tf.clone)), 1 / SLIGHT);
