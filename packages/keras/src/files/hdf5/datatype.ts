import { invalidAt } from '../invalid.js';
import type { ByteReader } from './byte-reader.js';

/** How the elements of a dataset or an attribute are stored. */
export type Datatype =
  | { readonly kind: 'float'; readonly bytes: 2 | 4 | 8 }
  | { readonly kind: 'int'; readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean }
  | { readonly kind: 'text'; readonly bytes: number }
  | { readonly kind: 'heapText'; readonly bytes: 16 }
  | { readonly kind: 'other'; readonly bytes: number; readonly name: string };

const CLASS = { fixedPoint: 0, floatingPoint: 1, string: 3, enumerated: 8, variableLength: 9 } as const;
const OTHER_NAMES = ['', '', 'time', '', 'bit field', 'opaque', 'compound', 'reference', '', '', 'array'];

/** The datatype described at `at`. What no file of Keras uses is `other`, and only refused where its values are asked for. */
export function readDatatype(file: ByteReader, at: number): Datatype {
  const kind = file.u8(at) & 0x0f;
  const bits = file.u8(at + 1);
  const bytes = file.u32(at + 4);
  const bigEndian = (bits & 1) === 1;
  if (kind === CLASS.fixedPoint && !bigEndian && isWidth(bytes))
    return { kind: 'int', bytes, signed: (bits & 8) !== 0 };
  if (kind === CLASS.floatingPoint && !bigEndian && isFloat(file, at, bytes)) return { kind: 'float', bytes };
  if (kind === CLASS.string) {
    if (bytes === 0) throw invalidAt(file.name, 'a text of no bytes');
    return { kind: 'text', bytes };
  }
  // h5py stores booleans as an enumeration of integers, whose description follows.
  if (kind === CLASS.enumerated && (file.u8(at + 8) & 0x0f) === CLASS.fixedPoint) return readDatatype(file, at + 8);
  if (kind === CLASS.variableLength && (bits & 0x0f) === 1 && bytes === 16) return { kind: 'heapText', bytes };
  const name = OTHER_NAMES[kind] || (bigEndian ? 'big-endian' : `class ${kind}`);
  return { kind: 'other', bytes, name };
}

const isWidth = (bytes: number): bytes is 1 | 2 | 4 | 8 => bytes === 1 || bytes === 2 || bytes === 4 || bytes === 8;

// Width of exponent and mantissa by the bytes of IEEE's floats; bfloat16 has two bytes too, of other widths.
const IEEE = { 2: [5, 10], 4: [8, 23], 8: [11, 52] } as const;

function isFloat(file: ByteReader, at: number, bytes: number): bytes is 2 | 4 | 8 {
  if (bytes !== 2 && bytes !== 4 && bytes !== 8) return false;
  const [exponent, mantissa] = IEEE[bytes];
  return file.u8(at + 13) === exponent && file.u8(at + 15) === mantissa;
}

/** Lengths of the axes described at `at`; none for a scalar. */
export function readDataspace(file: ByteReader, at: number): number[] {
  const version = file.u8(at);
  const rank = file.u8(at + 1);
  if (version !== 1 && version !== 2) throw invalidAt(file.name, `a dataspace of version ${version}`);
  if (version === 2 && file.u8(at + 3) === 2) return [0];
  const first = at + (version === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, axis) => {
    const length = file.u64(first + 8 * axis);
    if (!Number.isSafeInteger(length)) throw invalidAt(file.name, `an axis of ${length} elements`);
    return length;
  });
}

/** Number of elements of a shape; refuses what can't be counted exactly. */
export function sizeOf(where: string, shape: readonly number[]): number {
  const size = shape.reduce((product, length) => product * length, 1);
  if (!Number.isSafeInteger(size)) throw invalidAt(where, `shape [${shape.join(', ')}]`);
  return size;
}
