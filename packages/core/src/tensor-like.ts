import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from './errors.js';
import type { Shape4 } from './backend.js';

/** What validation needs to know of a tensor, so that `explain` can be asked without allocating one. */
export type TensorLike = Pick<Tensor, 'shape' | 'dtype'>;

export function checkTensor(
  what: string,
  tensor: TensorLike,
  { axes, dtype = 'float32' }: { axes: readonly string[]; dtype?: DataType },
): void {
  if (typeof tensor !== 'object' || tensor === null || !Array.isArray(tensor.shape)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what} is not a tensor`,
      hint: `pass a ${dtype} tensor of shape [${axes}]`,
    });
  }
  if (tensor.shape.length !== axes.length) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what} has shape [${tensor.shape}], expected rank ${axes.length}`,
      hint: `its axes are [${axes.join(', ')}]`,
      details: { shape: tensor.shape, axes },
    });
  }
  checkDtype(what, tensor, dtype);
}

export function checkDtype(what: string, tensor: TensorLike, dtype: DataType): void {
  if (tensor.dtype !== dtype) {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: `${what} is ${tensor.dtype}, expected ${dtype}`,
      hint: `convert it with tf.cast(tensor, '${dtype}')`,
      details: { dtype: tensor.dtype, expected: dtype },
    });
  }
}

/** Throws unless the two axes have the same length. */
export function checkAxis(
  op: string,
  axis: string,
  [nameA, a, lengthA]: readonly [string, TensorLike, number],
  [nameB, b, lengthB]: readonly [string, TensorLike, number],
): void {
  if (lengthA === lengthB) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${op}: axis ${axis} is ${lengthA} in ${nameA} [${a.shape}] and ${lengthB} in ${nameB} [${b.shape}]`,
    hint: `${nameA} and ${nameB} must share axis ${axis}`,
    details: { axis, [nameA]: a.shape, [nameB]: b.shape },
  });
}

/** The rank-4 shape with which a tensor broadcasts, from the right, to `full`. */
export function broadcastShape(what: string, tensor: TensorLike, full: Shape4): Shape4 {
  const { shape } = tensor;
  const padded = [...Array<number>(Math.max(0, 4 - shape.length)).fill(1), ...shape];
  if (padded.length > 4 || padded.some((length, axis) => length !== 1 && length !== full[axis])) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what} has shape [${shape}], which doesn't broadcast to [${full}]`,
      hint: 'each axis of [B, H, Tq, Tk], counted from the right, must be full or 1',
      details: { shape, full },
    });
  }
  return padded as unknown as Shape4;
}
