import { HeedError } from '@heed/core';
import { decodeNpy } from '@heed/formats';
import type { Host } from '../host.js';
import { ofFile } from '../io/of-file.js';

/** Numbers as a file has them. */
export interface ReadArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The same as Heed computes with them. */
export interface FloatArray {
  readonly shape: number[];
  readonly data: Float32Array;
}

/**
 * An array from a `.npy` file or from JSON of nested lists; which one, the file's first bytes say. JSON numbers may be
 * the texts "NaN", "Infinity" and "-Infinity", and booleans.
 *
 * @throws HeedError FILE_ACCESS, FILE_TOO_LARGE, FILE_INVALID, DTYPE_UNSUPPORTED
 */
export async function readArray(host: Pick<Host, 'readFile'>, path: string): Promise<ReadArray> {
  const bytes = await host.readFile(path);
  return ofFile(path, () => (bytes[0] === NPY_START ? decodeNpy(bytes) : decodeNestedLists(bytes)));
}

// The first byte of every .npy file is none of JSON's.
const NPY_START = 0x93;

function decodeNestedLists(bytes: Uint8Array): ReadArray {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: 'neither a .npy file nor JSON', cause });
  }
  const shape: number[] = [];
  for (let list = value; Array.isArray(list); list = list[0]) {
    shape.push(list.length);
    if (shape.length > MOST_AXES)
      throw new HeedError('FILE_INVALID', { message: `lists are nested more than ${MOST_AXES} deep` });
  }
  const numbers: number[] = [];
  const walk = (part: unknown, axis: number): void => {
    if (axis === shape.length) numbers.push(toNumber(part));
    else if (!Array.isArray(part) || part.length !== shape[axis]) {
      const found = Array.isArray(part) ? `a list of ${part.length}` : typeof part;
      throw new HeedError('FILE_INVALID', {
        message: `lists at depth ${axis + 1} differ: ${found} where others have ${shape[axis]}`,
      });
    } else for (const inner of part) walk(inner, axis + 1);
  };
  walk(value, 0);
  return { shape, data: numbers };
}

const MOST_AXES = 8;

function toNumber(value: unknown): number {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new HeedError('FILE_INVALID', {
      message: 'a number is larger than 1.8e308, the most that JSON’s readers take',
      hint: 'write the text "Infinity" for infinity',
    });
  }
  if (typeof value === 'boolean') return Number(value);
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw new HeedError('FILE_INVALID', {
    message: `${JSON.stringify(value)?.slice(0, 40) ?? 'nothing'} is not a number`,
  });
}
