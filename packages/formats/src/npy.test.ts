import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damage, npyArray } from '../test/arbitraries.js';
import { expectConsistent, refusedOr } from '../test/expect-consistent.js';
import { decodeNpy, encodeNpy } from './npy.js';
import { cpuTime } from '../../base/test/cpu-time.js';

/** A file as NumPy would write it, from its header text and data. */
function npy(header: string, data: ArrayLike<number>, version: [number, number] = [1, 0]): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const length = new Uint8Array(version[0] === 1 ? 2 : 4);
  for (let n = 0; n < length.length; n++) length[n] = text.length >> (8 * n);
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    ...version,
    ...length,
    ...text,
    ...Array.from(data),
  ]);
}

const bytesOf = (array: Float32Array | Int16Array | BigInt64Array): Uint8Array => new Uint8Array(array.buffer);

describe('decodeNpy', () => {
  test('reads what numpy.save wrote', () => {
    // np.save(f, np.arange(6, dtype='<f4').reshape(2, 3)), as NumPy 1.26 lays it out.
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117);
    const file = npy(header, bytesOf(Float32Array.of(0, 1, 2, 3, 4, 5)));
    expect(file.length).toBe(128 + 24);
    expect(decodeNpy(file)).toEqual({ dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) });
  });

  test.each([
    [1, 0],
    [2, 0],
    [3, 0],
  ] as [number, number][])('reads format %i.%i', (major, minor) => {
    const file = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", [7, 8], [major, minor]);
    expect(decodeNpy(file)).toEqual({ dtype: 'uint8', shape: [2], data: Uint8Array.of(7, 8) });
  });

  test('reads big-endian numbers', () => {
    const file = npy("{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }", [0, 0, 1, 2, 255, 255, 255, 254]);
    expect(decodeNpy(file).data).toEqual(Int32Array.of(258, -2));
  });

  test('turns column-major files into row-major arrays', () => {
    // a[i, j, k] = 100 i + 10 j + k of shape (2, 3, 2), first index fastest.
    const stored: number[] = [];
    for (let k = 0; k < 2; k++)
      for (let j = 0; j < 3; j++) for (let i = 0; i < 2; i++) stored.push(100 * i + 10 * j + k);
    const file = npy(
      "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 2), }",
      bytesOf(Float32Array.from(stored)),
    );
    expect([...decodeNpy(file).data]).toEqual([0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121]);
  });

  test('reads half precision, subnormals and infinities included', () => {
    const file = npy("{'descr': '<f2', 'fortran_order': False, 'shape': (4,), }", [0, 0x3c, 1, 0, 0, 0x7c, 0, 0xc0]);
    expect(decodeNpy(file).data).toEqual(Float32Array.of(1, 2 ** -24, Infinity, -2));
  });

  test('reads scalars, empty arrays, Python 2 lengths and double quotes', () => {
    expect(decodeNpy(npy("{'descr': '|b1', 'fortran_order': False, 'shape': (), }", [1])).shape).toEqual([]);
    expect(decodeNpy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 5), }", [])).data).toHaveLength(0);
    expect(decodeNpy(npy('{"shape": (1L, 2L), "fortran_order": False, "descr": "|u1"}', [1, 2])).shape).toEqual([1, 2]);
  });

  test('result shares no memory with the file', () => {
    const file = encodeNpy({ dtype: 'uint8', shape: [2], data: Uint8Array.of(1, 2) });
    const { data } = decodeNpy(file);
    file.fill(9);
    expect(data).toEqual(Uint8Array.of(1, 2));
  });

  test('reads from a view that is not aligned', () => {
    const file = encodeNpy({ dtype: 'float64', shape: [1], data: Float64Array.of(Math.PI) });
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(decodeNpy(shifted.subarray(3)).data).toEqual(Float64Array.of(Math.PI));
  });

  const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
  const four = [0, 0, 0, 0];
  test.each([
    ['empty', new Uint8Array(0), 'FILE_INVALID'],
    ['not npy', new TextEncoder().encode('PK\u0003\u0004 a zip file'), 'FILE_INVALID'],
    ['unknown version', npy(good, four, [4, 0]), 'FILE_INVALID'],
    ['header longer than the file', Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0, 255, 255, 123), 'FILE_INVALID'],
    ['header of 4 GB', Uint8Array.of(0x93, 78, 85, 77, 80, 89, 2, 0, 255, 255, 255, 255, 123), 'FILE_INVALID'],
    ['header past the limit', npy(good.padEnd(70_000), four, [2, 0]), 'FILE_TOO_LARGE'],
    ['cut data', npy(good, [0, 0, 0]), 'FILE_INVALID'],
    ['data too long', npy(good, [0, 0, 0, 0, 0]), 'FILE_INVALID'],
    ['huge shape', npy(good.replace('(1,)', '(4294967296, 4294967296)'), four), 'FILE_INVALID'],
    ['huge shape hidden behind a zero', npy(good.replace('(1,)', '(0, 9007199254740993, 9)'), []), 'FILE_INVALID'],
    ['huge shape that fits no memory', npy(good.replace('(1,)', '(1000000000000,)'), four), 'FILE_INVALID'],
    ['rank 65', npy(good.replace('(1,)', `(${'1, '.repeat(65)})`), four), 'FILE_INVALID'],
    ['negative length', npy(good.replace('(1,)', '(-1,)'), four), 'FILE_INVALID'],
    ['fractional length', npy(good.replace('(1,)', '(1.0,)'), four), 'FILE_INVALID'],
    ['shape that is no tuple', npy(good.replace('(1,)', '(1)'), four), 'FILE_INVALID'],
    ['objects', npy(good.replace('<f4', '|O'), four), 'DTYPE_UNSUPPORTED'],
    ['complex numbers', npy(good.replace('<f4', '<c8'), [...four, ...four]), 'DTYPE_UNSUPPORTED'],
    ['strings', npy(good.replace('<f4', '<U1'), four), 'DTYPE_UNSUPPORTED'],
    ['records', npy(good.replace("'<f4'", "[('x', '<f4')]"), four), 'DTYPE_UNSUPPORTED'],
    ['wide elements without byte order', npy(good.replace('<f4', '|f4'), four), 'DTYPE_UNSUPPORTED'],
    ['key given twice', npy(good.replace("'shape'", "'descr'"), four), 'FILE_INVALID'],
    ['unknown key', npy(good.replace(', }', ", 'x': 1}"), four), 'FILE_INVALID'],
    ['key of every object', npy(good.replace(', }', ", 'constructor': 1}"), four), 'FILE_INVALID'],
    ['missing key', npy("{'descr': '<f4', 'shape': (1,), }", four), 'FILE_INVALID'],
    ['code after the dict', npy(`${good} + evil()`, four), 'FILE_INVALID'],
    ['dict left open', npy(good.replace(', }', ''), four), 'FILE_INVALID'],
    ['bool of 2', npy(good.replace('<f4', '|b1'), [2]), 'FILE_INVALID'],
    [
      'int64 past 2^53',
      npy(good.replace('<f4', '<i8'), bytesOf(BigInt64Array.of(9_007_199_254_740_993n))),
      'FILE_INVALID',
    ],
  ] as [string, Uint8Array, string][])('refuses: %s', (_, file, code) => {
    expect(() => decodeNpy(file)).toThrow(expect.objectContaining({ code }));
  });

  test('refuses files past maxBytes, and reads those at it', () => {
    const file = encodeNpy({ dtype: 'uint8', shape: [4], data: new Uint8Array(4) });
    expect(() => decodeNpy(file, { maxBytes: file.length - 1 })).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_LARGE' }),
    );
    expect(decodeNpy(file, { maxBytes: file.length }).shape).toEqual([4]);
  });

  test('a header of spaces takes no quadratic time', () => {
    const file = npy(good.replace('(1,)', `(1${' '.repeat(60_000)}x)`), four, [1, 0]);
    const read = (): void => expect(() => decodeNpy(file)).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
    expect(cpuTime(read)).toBeLessThan(500);
  });
});

describe('encodeNpy', () => {
  test('lays the file out as numpy.save does', () => {
    const file = encodeNpy({ dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, -2) });
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".padEnd(117);
    expect(file).toEqual(npy(header, bytesOf(Float32Array.of(1, -2))));
  });

  test.each([
    [{ dtype: 'float32', shape: [3], data: new Float32Array(2) }, 'SHAPE_MISMATCH'],
    [{ dtype: 'float32', shape: [-1], data: new Float32Array(0) }, 'SHAPE_MISMATCH'],
    [{ dtype: 'int32', shape: [2], data: new Float32Array(2) }, 'DTYPE_UNSUPPORTED'],
    [{ dtype: 'bfloat16', shape: [2], data: new Float32Array(2) }, 'DTYPE_UNSUPPORTED'],
    [{ dtype: 'toString', shape: [2], data: new Float32Array(2) }, 'DTYPE_UNSUPPORTED'],
    [{ dtype: 'int64', shape: [1], data: Float64Array.of(0.5) }, 'INVALID_ARGUMENT'],
    [{ dtype: 'bool', shape: [1], data: Uint8Array.of(2) }, 'INVALID_ARGUMENT'],
  ])('refuses %o', (array, code) => {
    expect(() => encodeNpy(array as Parameters<typeof encodeNpy>[0])).toThrow(expect.objectContaining({ code }));
  });
});

describe('properties', () => {
  test('what was written is read back', () => {
    fc.assert(
      fc.property(npyArray, (array) => {
        expect(decodeNpy(encodeNpy(array))).toEqual(array);
      }),
    );
  });

  test('no bytes throw anything but a HeedError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const magic = Uint8Array.from([0x93, 78, 85, 77, 80, 89, 1, 0, ...bytes]);
        for (const file of [bytes, magic]) refusedOr(() => decodeNpy(file));
      }),
      { numRuns: 500 },
    );
  });

  test('every truncation is refused', () => {
    fc.assert(
      fc.property(npyArray, (array) => {
        const file = encodeNpy(array);
        for (let length = 0; length < file.length; length++) {
          expect(refusedOr(() => decodeNpy(file.subarray(0, length)))).toBeUndefined();
        }
      }),
      { numRuns: 30 },
    );
  });

  test('damaged files are refused or stay consistent', () => {
    fc.assert(
      fc.property(npyArray, damage, (array, damaged) => {
        const result = refusedOr(() => decodeNpy(damaged(encodeNpy(array))));
        if (result !== undefined) expectConsistent(result);
      }),
      { numRuns: 2000 },
    );
  });
});

test('decodeNpy(bytes, { maxbytes }) is refused, and means maxBytes', () => {
  expect(() => decodeNpy(new Uint8Array(), { maxbytes: 10 } as object)).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_OPTION', hint: expect.stringContaining("did you mean 'maxBytes'?") }),
  );
  expect(() => decodeNpy(new Uint8Array(), { maxBytes: null as never })).toThrow(/maxBytes is null/);
});
