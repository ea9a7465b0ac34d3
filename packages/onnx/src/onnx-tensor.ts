import { HeedError } from '@heed/core';
import { decodeTensor, type TensorMessage } from './protobuf.js';

export type OnnxDtype = 'float32' | 'float16' | 'bfloat16' | 'float64' | 'int64' | 'int32' | 'bool';

/** A tensor of an ONNX test: numbers in row-major order (bools as 0 and 1), and the dtype that they were stored in. */
export interface OnnxTensor {
  readonly name: string;
  readonly dtype: OnnxDtype;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

type TypedField = 'floatData' | 'int32Data' | 'int64Data' | 'doubleData';

interface Storage {
  readonly dtype: OnnxDtype;
  /** Bytes of an element in raw_data. */
  readonly bytes: number;
  /** Where elements are when they aren't in raw_data; 16-bit floats are there as their bits. */
  readonly field: TypedField;
}

/** By TensorProto.DataType. */
const STORAGE: Readonly<Record<number, Storage>> = {
  1: { dtype: 'float32', bytes: 4, field: 'floatData' },
  6: { dtype: 'int32', bytes: 4, field: 'int32Data' },
  7: { dtype: 'int64', bytes: 8, field: 'int64Data' },
  9: { dtype: 'bool', bytes: 1, field: 'int32Data' },
  10: { dtype: 'float16', bytes: 2, field: 'int32Data' },
  11: { dtype: 'float64', bytes: 8, field: 'doubleData' },
  16: { dtype: 'bfloat16', bytes: 2, field: 'int32Data' },
};

// Attention has at most four axes; a hostile file may name millions, which no message should repeat.
const MOST_AXES = 8;

/** @throws HeedError FILE_INVALID when the bytes aren't a tensor, or not one of a dtype that attention uses */
export function readOnnxTensor(bytes: Uint8Array, what: string): OnnxTensor {
  return tensorOf(decodeTensor(bytes, what), what);
}

/** @throws HeedError FILE_INVALID when the message isn't a whole tensor, or not one of a dtype that attention uses */
export function tensorOf(message: TensorMessage, what: string): OnnxTensor {
  const { dims: shape, rawData, name, dataType, dataLocation } = message;
  const storage = STORAGE[dataType];
  if (storage === undefined) {
    throw new HeedError('FILE_INVALID', {
      message: `${what} has ONNX data type ${dataType}`,
      hint: `known are ${Object.values(STORAGE)
        .map(({ dtype }) => dtype)
        .join(', ')}`,
    });
  }
  if (dataLocation !== 0) {
    throw new HeedError('FILE_INVALID', { message: `${what} keeps its data in another file`, hint: 'store it inside' });
  }
  if (shape.length > MOST_AXES) {
    throw new HeedError('FILE_INVALID', { message: `${what} has ${shape.length} axes` });
  }
  const { dtype, bytes, field } = storage;
  const size = shape.reduce((a, b) => a * b, 1);
  const stored = rawData.length > 0 ? rawData.length / bytes : message[field].length;
  if (shape.some((length) => !Number.isSafeInteger(length) || length < 0) || stored !== size) {
    throw new HeedError('FILE_INVALID', {
      message: `${what} has shape [${shape}], that is ${size} elements, but holds ${stored}`,
      details: { shape, stored },
    });
  }
  const data = rawData.length > 0 ? rawNumbers(rawData, dtype) : typedNumbers(message[field], dtype);
  return { name, dtype, shape, data };
}

function typedNumbers(values: readonly number[], dtype: OnnxDtype): Float64Array {
  const data = Float64Array.from(values);
  if (dtype === 'float16') return data.map(float16ToNumber);
  if (dtype === 'bfloat16') return data.map(bfloat16ToNumber);
  return dtype === 'bool' ? data.map((value) => (value === 0 ? 0 : 1)) : data;
}

function rawNumbers(raw: Uint8Array, dtype: OnnxDtype): Float64Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const read: Record<OnnxDtype, [bytes: number, at: (offset: number) => number]> = {
    float32: [4, (offset) => view.getFloat32(offset, true)],
    float64: [8, (offset) => view.getFloat64(offset, true)],
    float16: [2, (offset) => float16ToNumber(view.getUint16(offset, true))],
    bfloat16: [2, (offset) => bfloat16ToNumber(view.getUint16(offset, true))],
    int32: [4, (offset) => view.getInt32(offset, true)],
    int64: [8, (offset) => Number(view.getBigInt64(offset, true))],
    bool: [1, (offset) => (view.getUint8(offset) === 0 ? 0 : 1)],
  };
  const [bytes, at] = read[dtype];
  return Float64Array.from({ length: raw.length / bytes }, (_, i) => at(i * bytes));
}

/** IEEE 754 binary16. */
function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** The upper half of a float32. */
function bfloat16ToNumber(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0];
}

/** The nearest value of a dtype, ties to even: what storing a result in it does. */
export function roundTo(dtype: OnnxDtype, value: number): number {
  if (dtype === 'float16') return roundToBits(value, 11, -14, 65504);
  if (dtype === 'bfloat16') return roundToBits(value, 8, -126, 3.3895313892515355e38);
  return dtype === 'float32' ? Math.fround(value) : value;
}

/** Rounds to `precision` significant bits, fewer below 2^`lowest`; beyond the largest by half a step is ∞. */
function roundToBits(value: number, precision: number, lowest: number, largest: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), lowest);
  const step = 2 ** (exponent - precision + 1);
  const scaled = value / step;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  return Math.abs(rounded * step) > largest ? Math.sign(value) * Infinity : rounded * step;
}
