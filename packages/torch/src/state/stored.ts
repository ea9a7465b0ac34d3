import { HeedError, show } from '@heed/base';
import { checkTensor } from '@heed/core';
import { decodeSafetensors, type NumericArray, type Safetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import type { Shape } from './shapes.js';

/** One parameter's values, row-major. */
export interface Values {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/**
 * Parameters by PyTorch's keys: tensors, arrays of `@heed/formats`, or numbers with their shape. A typed array by itself is a vector.
 */
export type StateDict = Readonly<Record<string, tf.Tensor | NumericArray | Values | Float32Array | Float64Array>>;

/** Where parameters come from: a state dict, the bytes of a safetensors file, or what `decodeSafetensors` made of them. */
export type StateSource = StateDict | Safetensors | Uint8Array;

/** A parameter of a state dict, of which nothing but the shape was looked at. */
export interface Stored {
  readonly shape: Shape;
  /** @throws HeedError DTYPE_UNSUPPORTED, SHAPE_MISMATCH, DISPOSED, INVALID_ARGUMENT */
  read(key: string): ArrayLike<number>;
}

/**
 * The parameters of a source by their keys.
 *
 * @throws HeedError INVALID_ARGUMENT for what is no state dict; FILE_INVALID, FILE_TOO_LARGE, DTYPE_UNSUPPORTED for bytes
 */
export function storedIn(source: StateSource): ReadonlyMap<string, Stored> {
  const dict = source instanceof Uint8Array ? decodeSafetensors(source).tensors : withoutMetadata(source);
  return new Map(Object.entries(dict).map(([key, value]) => [key, storedOf(key, value)]));
}

function withoutMetadata(source: StateDict | Safetensors): StateDict {
  if (typeof source !== 'object' || source === null || Array.isArray(source) || ArrayBuffer.isView(source)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `fromTorch: the state dict is ${show(source)}`,
      hint: 'pass tensors by their keys, what decodeSafetensors gives, or the bytes of a safetensors file',
    });
  }
  return isDecoded(source) ? source.tensors : source;
}

/** What `decodeSafetensors` gives: a parameter has a shape, and neither of these two has. */
const isDecoded = (source: StateDict | Safetensors): source is Safetensors =>
  Object.keys(source).length === 2 &&
  [source['tensors'], source['metadata']].every((part) => typeof part === 'object' && !('shape' in part));

function storedOf(key: string, value: StateDict[string]): Stored {
  if (value instanceof Float32Array || value instanceof Float64Array) {
    return { shape: [value.length], read: () => value };
  }
  if (value instanceof tf.Tensor) return { shape: value.shape, read: () => ofTensor(key, value) };
  if (!isShape((value as Partial<Values> | undefined)?.shape)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `fromTorch: '${key}' of the state dict is ${show(value)}`,
      hint: 'pass a tensor, or numbers as { shape, data }',
      details: { key },
    });
  }
  return { shape: value.shape, read: () => ofValues(key, value) };
}

const isShape = (shape: unknown): shape is Shape =>
  Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && length >= 0);

function ofTensor(key: string, tensor: tf.Tensor): ArrayLike<number> {
  checkTensor(`'${key}' of the state dict`, tensor, { axes: tensor.shape });
  return tensor.dataSync<'float32'>();
}

const FLOATS = ['float32', 'float16', 'bfloat16', 'float64'];

function ofValues(key: string, value: Values | NumericArray): ArrayLike<number> {
  const { shape, data } = value;
  const dtype = 'dtype' in value ? value.dtype : 'float32';
  if (!FLOATS.includes(dtype)) {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: `'${key}' of the state dict is ${dtype}`,
      hint: `parameters are ${FLOATS.join(', ')}`,
      details: { key, dtype },
    });
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (data?.length === size) return data;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `'${key}' of the state dict is [${shape}], and has ${data?.length ?? 'no'} numbers`,
    details: { key, shape },
  });
}
