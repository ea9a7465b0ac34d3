import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import type { ParameterTree, Parameter } from '../parameters.js';
import type { Rows } from './layer.js';

export interface PatchOptions {
  readonly width: number;
  readonly channels: number;
  /** Length of a side of a patch, and of the pictures that positions were learned for, in pixels. */
  readonly patchSize: number;
  readonly imageSize: number;
  readonly bias: boolean;
  /** The vector before those of patches, of `width` numbers, and the positions of all, (n² + 1)·`width` numbers. */
  readonly first: Parameter;
  readonly positions: Parameter;
}

/** Pictures as rows of vectors, a first one and one for each patch: [B, channels, height, width] → [B·(1 + patches), width]. */
export type Patches = (pixels: tf.Tensor4D, interpolate: boolean) => Rows;

/**
 * Patches of pictures, of `weight` [width, channels, patchSize, patchSize].
 *
 * @see Dosovitskiy et al. 2020, arXiv:2010.11929, §3.1
 */
export function patches(weights: ParameterTree, options: PatchOptions): Patches {
  const { width, channels, patchSize, imageSize, bias, first, positions } = options;
  const kernel = weights.get('weight', [width, channels, patchSize, patchSize]);
  const shift = bias ? weights.get('bias', [width]) : undefined;
  const side = Math.floor(imageSize / patchSize);
  return (pixels, interpolate) => {
    const [batch, , height, breadth] = pixels.shape;
    if (!interpolate && (height !== imageSize || breadth !== imageSize)) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `pictures are ${height} by ${breadth} pixels, and the model's are ${imageSize} by ${imageSize}`,
        hint: 'resize them, or say interpolatePosEncoding: true',
        details: { height, width: breadth, imageSize },
      });
    }
    const [rows, columns] = [Math.floor(height / patchSize), Math.floor(breadth / patchSize)];
    const filter = tf.transpose(kernel.tensor<tf.Rank.R4>(), [2, 3, 1, 0]);
    const convolved = tf.conv2d(tf.transpose(pixels, [0, 2, 3, 1]), filter, patchSize, 'valid');
    const each = tf.reshape(convolved, [batch, rows * columns, width]);
    const vectors = shift === undefined ? each : tf.add(each, shift.tensor());
    const before = tf.tile(tf.reshape(first.tensor(), [1, 1, width]), [batch, 1, 1]);
    const table = tf.reshape(positions.tensor(), [side * side + 1, width]) as Rows;
    const places = rows === side && columns === side ? table : resized(table, side, rows, columns);
    return tf.reshape(tf.add(tf.concat([before, vectors], 1), places), [-1, width]);
  };
}

/** Positions of a grid of another size, by cubic interpolation; the first stays. */
function resized(table: Rows, side: number, rows: number, columns: number): Rows {
  const [vertical, horizontal] = [cubicShares(rows, side), cubicShares(columns, side)];
  const shares = new Float32Array(rows * columns * side * side);
  for (let n = 0; n < shares.length; n++) {
    const [to, from] = [Math.floor(n / (side * side)), n % (side * side)];
    shares[n] = vertical[Math.floor(to / columns)]![Math.floor(from / side)]! * horizontal[to % columns]![from % side]!;
  }
  const [first, grid] = tf.split(table, [1, side * side], 0) as [Rows, Rows];
  return tf.concat([first, tf.matMul(tf.tensor2d(shares, [rows * columns, side * side]), grid)], 0);
}

/** PyTorch's constant of cubic interpolation. */
const A = -0.75;

/**
 * Which shares of `from` points each of `count` points is made of, whose corners are not aligned.
 *
 * @see Keys 1981, "Cubic Convolution Interpolation for Digital Image Processing", eq. 15
 */
function cubicShares(count: number, from: number): readonly (readonly number[])[] {
  const near = (x: number): number => ((A + 2) * x - (A + 3)) * x * x + 1;
  const far = (x: number): number => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  return Array.from({ length: count }, (_, n) => {
    const at = ((n + 0.5) * from) / count - 0.5;
    const left = Math.floor(at);
    const t = at - left;
    const shares = Array.from({ length: from }, () => 0);
    for (const [offset, share] of [far(t + 1), near(t), near(1 - t), far(2 - t)].entries()) {
      shares[Math.min(Math.max(left - 1 + offset, 0), from - 1)]! += share;
    }
    return shares;
  });
}
