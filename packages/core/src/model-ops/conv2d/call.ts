import type { Tensor4D } from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, show, type OptionNames } from '@heed/base';
import { checkTensor } from '../../tensor-like.js';
import { runModelOp } from '../run.js';
import { composedConv2d } from './composed.js';
import { conv2dSizes } from './sizes.js';
import { conv2dSpec, type Conv2dAttributes } from './spec.js';

/**
 * Zeros around x. 'valid': none. 'same': so many that there are ⌈H/stride⌉ × ⌈W/stride⌉ places, as evenly as can be, the odd one below and right, as
 * TensorFlow does. A number: so many on each side. Or rows [above, below] and columns [left, right].
 */
export type Conv2dPadding = 'same' | 'valid' | number | readonly [readonly [number, number], readonly [number, number]];

export interface Conv2dOptions {
  /** Rows and columns from one place of the filter to the next, or one number for both; 1 by default. */
  readonly strides?: number | readonly [number, number];
  /** 'valid' by default. */
  readonly padding?: Conv2dPadding;
}

const OPTIONS: OptionNames<Conv2dOptions> = { strides: true, padding: true };

/**
 * Convolution of pictures: y[b, p, q, o] = Σ_klc x[b, p·s + k − top, q·s + l − left, c] · filter[k, l, c, o], where x is 0 around itself.
 * A bias is another op's, such as `rectifiedLayer`. Both inputs have gradients, on every engine.
 *
 * @param x      [B, H, W, C], no axis empty
 * @param filter [K, L, C, O]
 * @returns [B, P, Q, O], P = ⌊(H + zeros − K) / stride⌋ + 1 and Q alike
 * @throws HeedError SHAPE_MISMATCH (other channels, an empty axis, a filter larger than x with its zeros), INVALID_ARGUMENT (strides, padding),
 *   UNKNOWN_OPTION, DTYPE_UNSUPPORTED, DISPOSED
 * @see https://www.tensorflow.org/api_docs/python/tf/nn/conv2d; https://onnx.ai/onnx/operators/onnx__Conv.html (there a correlation, too)
 */
export function conv2d(x: Tensor4D, filter: Tensor4D, options: Conv2dOptions = {}): Tensor4D {
  checkOptions('conv2d', options, OPTIONS);
  checkTensor('conv2d: x', x, { axes: ['B', 'H', 'W', 'C'] });
  checkTensor('conv2d: filter', filter, { axes: ['K', 'L', x.shape[3], 'O'] });
  const strides = stridesOf(options.strides ?? 1);
  const [padRows, padColumns] = padsOf(options.padding ?? 'valid', x.shape, filter.shape, strides);
  const attributes: Conv2dAttributes = { strides, padRows, padColumns };
  const { rows, columns } = conv2dSizes(x.shape, filter.shape, attributes);
  if (x.size === 0 || filter.size === 0 || rows < 1 || columns < 1) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `conv2d: a filter [${filter.shape}] has no place on x [${x.shape}] with zeros [${padRows}] and [${padColumns}]`,
      hint: 'no axis is empty, and the filter is as large as x with its zeros or smaller',
      details: { x: x.shape, filter: filter.shape, padRows, padColumns },
    });
  }
  return runModelOp(conv2dSpec, composedConv2d, { x, filter }, attributes).y as Tensor4D;
}

function stridesOf(given: unknown): [number, number] {
  const strides = typeof given === 'number' ? [given, given] : given;
  if (isPair(strides, 1)) return [strides[0], strides[1]];
  throw new HeedError('INVALID_ARGUMENT', {
    message: `conv2d: strides is ${show(given)}`,
    hint: 'a whole number ≥ 1, or two of them, for rows and columns',
  });
}

function padsOf(
  given: Conv2dPadding,
  [, height, width]: readonly number[],
  [filterHeight, filterWidth]: readonly number[],
  strides: readonly [number, number],
): readonly [readonly [number, number], readonly [number, number]] {
  if (given === 'valid') return padsOf(0, [], [], strides);
  if (given === 'same') return [same(height!, filterHeight!, strides[0]), same(width!, filterWidth!, strides[1])];
  const pads = typeof given === 'number' ? [[given, given] as const, [given, given] as const] : given;
  if (Array.isArray(pads) && pads.length === 2 && pads.every((pair) => isPair(pair, 0))) {
    return pads as [[number, number], [number, number]];
  }
  throw new HeedError('INVALID_ARGUMENT', {
    message: `conv2d: padding is ${show(given)}`,
    hint: "'same', 'valid', a whole number ≥ 0, or [[above, below], [left, right]]",
  });
}

function same(length: number, filter: number, stride: number): [number, number] {
  const zeros = Math.max(0, (Math.ceil(length / stride) - 1) * stride + filter - length);
  return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
}

const isPair = (given: unknown, least: number): given is readonly [number, number] =>
  Array.isArray(given) && given.length === 2 && given.every((n) => Number.isSafeInteger(n) && n >= least);
