import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** Where a kernel is put on images, on each of the two axes of space. */
export interface Placement {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Zeros before and after each axis. */
  readonly padding: readonly (readonly [number, number])[];
}

/** Images with what stands beyond their edges. */
export function withEdges(x: Tensor4D, { padding }: Placement, fill = 0): Tensor4D {
  const isPadded = padding.flat().some((amount) => amount > 0);
  return isPadded ? tf.pad4d(x, [[0, 0], [...padding[0]], [...padding[1]], [0, 0]], fill) : x;
}

/**
 * The parts of images [B, H, W, C] that lie under each place of a kernel, row by row, each [B, H', W', C].
 *
 * Gradients of what is made of them exist on every engine: TensorFlow.js's wasm engine has none for the kernel of its own convolution nor a
 * right one for its pools, no engine has any for dilated convolutions, and those of average pools are wrong on all.
 */
export function partsUnder(
  x: Tensor4D,
  [height, width]: readonly number[],
  { strides, dilations }: Pick<Placement, 'strides' | 'dilations'>,
): Tensor4D[] {
  const sizes = [height, width].map((size, axis) =>
    outputLength(x.shape[axis + 1], size, strides[axis], dilations[axis]),
  );
  return Array.from({ length: height * width }, (_, n) => {
    const begin = [Math.floor(n / width) * dilations[0], (n % width) * dilations[1]];
    return everyNth(x, begin, sizes, strides);
  });
}

const outputLength = (length: number, size: number, stride: number, dilation: number): number =>
  Math.floor((length - (size - 1) * dilation - 1) / stride) + 1;

/** `sizes` places on both axes of space from `begin` on, `strides` apart, by slices and shapes alone, whose gradients all engines have. */
function everyNth(
  x: Tensor4D,
  begin: readonly number[],
  sizes: readonly number[],
  strides: readonly number[],
): Tensor4D {
  const [batch, , , channels] = x.shape;
  if (strides.every((stride) => stride === 1))
    return tf.slice4d(x, [0, begin[0], begin[1], 0], [batch, sizes[0], sizes[1], channels]);
  // Enough zeros at the end for whole strides, of which the first place of each is taken.
  const wanted = sizes.map((size, axis) => size * strides[axis]);
  const missing = wanted.map((length, axis) => Math.max(0, begin[axis] + length - x.shape[axis + 1]));
  const longer = tf.pad4d(x, [
    [0, 0],
    [0, missing[0]],
    [0, missing[1]],
    [0, 0],
  ]);
  const cut = tf.slice4d(longer, [0, begin[0], begin[1], 0], [batch, wanted[0], wanted[1], channels]);
  const split = tf.reshape(cut, [batch, sizes[0], strides[0], sizes[1], strides[1] * channels]);
  const rows = tf.slice(split, [0, 0, 0, 0, 0], [batch, sizes[0], 1, sizes[1], channels]);
  return tf.reshape(rows, [batch, sizes[0], sizes[1], channels]);
}
