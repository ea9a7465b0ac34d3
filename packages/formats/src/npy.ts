import { HeedError } from '@heed/base';
import { checkFileSize, type DecodeOptions } from './limits.js';
import { parseNpyHeader } from './npy-header.js';
import {
  CODECS,
  checkArray,
  readElements,
  sizeOf,
  writeElements,
  type DType,
  type NumericArray,
} from './numeric-array.js';

/**
 * Reads an untrusted NumPy `.npy` file of format 1.0, 2.0 or 3.0, in either byte order and either memory order. The result is
 * row-major and shares no memory with `bytes`.
 *
 * @throws HeedError FILE_INVALID when malformed, truncated or longer than its header says, FILE_TOO_LARGE past
 *   `maxBytes`, DTYPE_UNSUPPORTED for a dtype without a counterpart here (objects, strings, complex numbers, records)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function decodeNpy(bytes: Uint8Array, options: DecodeOptions = {}): NumericArray {
  checkFileSize('npy', bytes, options);
  const { descr, fortranOrder, shape, dataOffset } = parseNpyHeader(bytes);
  const { dtype, littleEndian } = parseDescr(descr);
  const size = sizeOf(shape);
  if (size === undefined) throw invalid(`shape (${shape.join(', ').slice(0, 80)}) is not possible`);
  const expected = size * CODECS[dtype].bytes;
  const actual = bytes.length - dataOffset;
  if (actual !== expected) {
    throw invalid(
      `${descr} of shape (${shape.join(', ')}) takes ${expected} bytes, the file has ${actual}`,
      actual < expected ? 'the file is cut off' : 'something follows the array',
    );
  }
  const stored = readElements('npy', dtype, bytes.subarray(dataOffset), size, { littleEndian });
  const data = fortranOrder ? toRowMajor(stored, shape) : stored;
  return { dtype, shape, data } as NumericArray;
}

/**
 * Writes an array as `.npy` 1.0, little-endian and row-major, its data aligned to 64 bytes.
 *
 * @throws HeedError DTYPE_UNSUPPORTED, SHAPE_MISMATCH or INVALID_ARGUMENT
 */
export function encodeNpy(array: NumericArray): Uint8Array {
  checkArray('npy', array);
  if (array.dtype === 'bfloat16') {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: 'npy: NumPy has no bfloat16, so none can be written',
      hint: `use one of ${Object.keys(DESCRS).join(', ')}`,
    });
  }
  const shape = array.shape.length === 1 ? `(${array.shape[0]},)` : `(${array.shape.join(', ')})`;
  const text = `{'descr': '${DESCRS[array.dtype]}', 'fortran_order': False, 'shape': ${shape}, }`;
  const dataOffset = Math.ceil((PREAMBLE + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `${text.padEnd(dataOffset - PREAMBLE - 1)}\n`;

  const bytes = new Uint8Array(dataOffset + array.data.length * CODECS[array.dtype].bytes);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), PREAMBLE);
  writeElements(array, bytes.subarray(dataOffset));
  return bytes;
}

// Magic, version and a two-byte length.
const PREAMBLE = 10;
const ALIGNMENT = 64;

const DESCRS: Readonly<Record<Exclude<DType, 'bfloat16'>, string>> = {
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  int32: '<i4',
  int64: '<i8',
  uint8: '|u1',
  bool: '|b1',
};
const DTYPES = new Map(Object.entries(DESCRS).map(([dtype, descr]) => [descr.slice(1), dtype as DType]));

function parseDescr(descr: string): { dtype: DType; littleEndian: boolean } {
  const dtype = DTYPES.get(descr.slice(1));
  if (dtype === undefined || !'<>|'.includes(descr[0]) || (descr[0] === '|' && CODECS[dtype].bytes > 1)) {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: `npy: dtype ${JSON.stringify(descr.slice(0, 80))}`,
      hint: `readable dtypes are ${[...DTYPES.keys()].join(', ')}, little- or big-endian`,
    });
  }
  return { dtype, littleEndian: descr[0] !== '>' };
}

/** Copies column-major elements into row-major order. The indices count up like an odometer, the last one fastest. */
function toRowMajor(stored: NumericArray['data'], shape: readonly number[]): NumericArray['data'] {
  const data = stored.slice();
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  const index = shape.map(() => 0);
  for (let n = 0, source = 0; n < data.length; n++) {
    data[n] = stored[source];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis];
      index[axis] += 1;
      if (index[axis] < shape[axis]) break;
      source -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return data;
}

const invalid = (message: string, hint?: string): HeedError =>
  new HeedError('FILE_INVALID', { message: `npy: ${message}`, ...(hint === undefined ? {} : { hint }) });
