import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { HeedError, show } from '@heed/base';

/** What validation needs to know of a tensor, so that `explain` can be asked without allocating one. */
export type TensorLike = Pick<Tensor, 'shape' | 'dtype'>;

/**
 * @param axes letters name free axes, numbers fix their lengths: ['B', 'Tk', 64]
 * @throws HeedError INVALID_ARGUMENT (no tensor), DISPOSED, SHAPE_MISMATCH, DTYPE_UNSUPPORTED
 */
export function checkTensor(
  what: string,
  tensor: TensorLike,
  { axes, dtype = 'float32' }: { axes: readonly (string | number)[]; dtype?: DataType },
): void {
  const wanted = `[${axes.join(', ')}]`;
  checkAlive(what, tensor, `a ${dtype} tensor of shape ${wanted}`);
  const { shape } = tensor;
  const fits = axes.every((axis, i) => typeof axis === 'string' || axis === shape[i]);
  if (shape.length !== axes.length || !fits) {
    const rank = shape.length === axes.length ? '' : `rank ${axes.length}, `;
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what} has shape [${shape}], expected ${rank}${wanted}`,
      hint: `its axes are ${wanted}`,
      details: { shape, axes },
    });
  }
  checkDtype(what, tensor, dtype);
}

/** Refuses what isn't a tensor, and a tensor that is gone. */
export function checkAlive(what: string, tensor: TensorLike, wanted: string): void {
  if (typeof tensor !== 'object' || tensor === null || !Array.isArray(tensor.shape)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what} is ${show(tensor)}, not a tensor`,
      hint: `pass ${wanted}`,
    });
  }
  if ((tensor as Partial<Tensor>).isDisposed === true) {
    throw new HeedError('DISPOSED', {
      message: `${what} [${tensor.shape}] was disposed`,
      hint: 'a tensor lives until dispose(), or the end of the tf.tidy that made it; tf.keep keeps it longer',
      details: { shape: tensor.shape },
    });
  }
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
