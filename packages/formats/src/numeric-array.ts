import { HeedError } from '@heed/base';
import { getFloat16, setFloat16 } from '@petamoriken/float16';

/** Typed array that holds the elements of each dtype. int64 is held as float64, so only safe integers are accepted. */
export interface ElementArrays {
  float16: Float32Array;
  bfloat16: Float32Array;
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: Float64Array;
  uint8: Uint8Array;
  /** Elements are 0 or 1. */
  bool: Uint8Array;
}

export type DType = keyof ElementArrays;

/** An array in row-major order; `data.length` is the product of `shape`. */
export type NumericArray = {
  [D in DType]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: ElementArrays[D] };
}[DType];

/** Storage of one element of a dtype: its size, reading and writing. */
interface Codec<D extends DType> {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly array: {
    new (length: number): ElementArrays[D];
    new (buffer: ArrayBufferLike, offset: number, length: number): ElementArrays[D];
  };
  readonly get: (view: DataView, offset: number, littleEndian: boolean) => number;
  readonly set: (view: DataView, offset: number, value: number, littleEndian: boolean) => void;
  /** Whether the stored little-endian bytes are the same as those of `array`, so that they can be copied. */
  readonly direct: boolean;
  /** Condition on every stored or given value, with its wording for the error. */
  readonly check?: { readonly holds: (value: number) => boolean; readonly rule: string };
}

export const CODECS: { readonly [D in DType]: Codec<D> } = {
  float16: {
    bytes: 2,
    array: Float32Array,
    get: getFloat16,
    set: setFloat16,
    direct: false,
  },
  bfloat16: {
    bytes: 2,
    array: Float32Array,
    get: getBfloat16,
    set: setBfloat16,
    direct: false,
  },
  float32: {
    bytes: 4,
    array: Float32Array,
    get: (view, offset, little) => view.getFloat32(offset, little),
    set: (view, offset, value, little) => view.setFloat32(offset, value, little),
    direct: true,
  },
  float64: {
    bytes: 8,
    array: Float64Array,
    get: (view, offset, little) => view.getFloat64(offset, little),
    set: (view, offset, value, little) => view.setFloat64(offset, value, little),
    direct: true,
  },
  int32: {
    bytes: 4,
    array: Int32Array,
    get: (view, offset, little) => view.getInt32(offset, little),
    set: (view, offset, value, little) => view.setInt32(offset, value, little),
    direct: true,
  },
  int64: {
    bytes: 8,
    array: Float64Array,
    get: (view, offset, little) => Number(view.getBigInt64(offset, little)),
    set: (view, offset, value, little) => view.setBigInt64(offset, BigInt(value), little),
    direct: false,
    check: { holds: Number.isSafeInteger, rule: 'int64 values must be safe integers (magnitude below 2^53)' },
  },
  uint8: {
    bytes: 1,
    array: Uint8Array,
    get: (view, offset) => view.getUint8(offset),
    set: (view, offset, value) => view.setUint8(offset, value),
    direct: true,
  },
  bool: {
    bytes: 1,
    array: Uint8Array,
    get: (view, offset) => view.getUint8(offset),
    set: (view, offset, value) => view.setUint8(offset, value),
    direct: true,
    check: { holds: (value) => value === 0 || value === 1, rule: 'bool values must be 0 or 1' },
  },
};

const WORD = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function getBfloat16(view: DataView, offset: number, littleEndian: boolean): number {
  WORD.setUint32(0, view.getUint16(offset, littleEndian) << 16);
  return WORD.getFloat32(0);
}

/** Rounds to nearest, ties to even; a NaN stays one, whatever half its bits are in. */
function setBfloat16(view: DataView, offset: number, value: number, littleEndian: boolean): void {
  WORD.setFloat32(0, value);
  const bits = WORD.getUint32(0);
  const upper = bits >>> 16;
  const isOdd = upper & 1;
  view.setUint16(offset, Number.isNaN(value) ? upper | 0x40 : (bits + 0x7fff + isOdd) >>> 16, littleEndian);
}

/** Number of elements of a shape; undefined when the untrusted value isn't a shape. */
export function sizeOf(shape: unknown): number | undefined {
  if (!Array.isArray(shape) || shape.length > MAX_RANK) return undefined;
  let extent = 1; // product of the lengths that aren't 0, so that [0, 2^60] is refused too
  let size = 1;
  for (const length of shape as unknown[]) {
    if (!Number.isSafeInteger(length) || (length as number) < 0 || Object.is(length, -0)) return undefined;
    extent *= Math.max(1, length as number);
    size *= length as number;
    if (extent > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return size;
}

// NumPy 2's own limit.
const MAX_RANK = 64;

/**
 * Reads elements at the start of `bytes`. The caller has checked that there are enough.
 *
 * @param inPlace whether the elements may be the bytes themselves, where their form and place allow it; else they are only where the bytes
 *   are a whole buffer
 */
export function readElements<D extends DType>(
  what: string,
  dtype: D,
  bytes: Uint8Array,
  size: number,
  { littleEndian = true, inPlace = false }: { readonly littleEndian?: boolean; readonly inPlace?: boolean } = {},
): ElementArrays[D] {
  const codec: Codec<D> = CODECS[dtype];
  const isStored = codec.direct && littleEndian === HOST_IS_LITTLE_ENDIAN;
  const isAlone = bytes.length === size * codec.bytes && bytes.length === bytes.buffer.byteLength;
  const isThere = isStored && (isAlone || inPlace) && bytes.byteOffset % codec.bytes === 0;
  const data = isThere ? new codec.array(bytes.buffer, bytes.byteOffset, size) : new codec.array(size);
  if (isStored) {
    if (!isThere) new Uint8Array(data.buffer).set(bytes.subarray(0, size * codec.bytes));
  } else {
    const view = new DataView(bytes.buffer, bytes.byteOffset, size * codec.bytes);
    for (let n = 0; n < size; n++) data[n] = codec.get(view, n * codec.bytes, littleEndian);
  }
  checkElements('FILE_INVALID', what, dtype, data);
  return data;
}

/** Writes the elements little-endian at the start of `target`. */
export function writeElements({ dtype, data }: NumericArray, target: Uint8Array): void {
  const codec = CODECS[dtype];
  if (codec.direct && HOST_IS_LITTLE_ENDIAN) {
    target.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return;
  }
  const view = new DataView(target.buffer, target.byteOffset, data.length * codec.bytes);
  for (let n = 0; n < data.length; n++) codec.set(view, n * codec.bytes, data[n], true);
}

/** Checks an array that is to be written. */
export function checkArray(what: string, { dtype, shape, data }: NumericArray): void {
  if (!Object.hasOwn(CODECS, dtype)) {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: `${what}: dtype ${String(dtype)} can't be written`,
      hint: `use one of ${Object.keys(CODECS).join(', ')}`,
    });
  }
  if (!(data instanceof CODECS[dtype].array)) {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: `${what}: ${dtype} data must be a ${CODECS[dtype].array.name}`,
    });
  }
  const size = sizeOf(shape);
  if (size !== data.length) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what}: shape [${String(shape)}] doesn't hold ${data.length} elements`,
      details: { shape, elements: data.length },
    });
  }
  checkElements('INVALID_ARGUMENT', what, dtype, data);
}

function checkElements(
  code: 'FILE_INVALID' | 'INVALID_ARGUMENT',
  what: string,
  dtype: DType,
  data: ElementArrays[DType],
): void {
  const { check } = CODECS[dtype];
  if (check === undefined) return;
  for (let n = 0; n < data.length; n++) {
    if (!check.holds(data[n])) {
      throw new HeedError(code, { message: `${what}: element ${n} is ${data[n]}; ${check.rule}` });
    }
  }
}

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
