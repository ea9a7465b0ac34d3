import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damage, numericArray } from '../test/arbitraries.js';
import { expectConsistent, refusedOr } from '../test/expect-consistent.js';
import { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.js';

/** A file from a header, as text or as an object, and its data. */
function safetensors(header: unknown, data: ArrayLike<number> = [], claimed?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const u8 = (start: number, end: number): unknown => ({ dtype: 'U8', shape: [end - start], data_offsets: [start, end] });

describe('decodeSafetensors', () => {
  test('reads a file written by hand', () => {
    const header =
      '{"__metadata__":{"format":"pt"},"b":{"dtype":"BOOL","shape":[2],"data_offsets":[4,6]},' +
      '"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}   ';
    const { tensors, metadata } = decodeSafetensors(safetensors(header, [0, 0, 0x80, 0x3f, 1, 0]));
    expect({ ...metadata }).toEqual({ format: 'pt' });
    expect({ ...tensors }).toEqual({
      a: { dtype: 'float32', shape: [1, 1], data: Float32Array.of(1) },
      b: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
    });
  });

  test('reads empty files and empty tensors', () => {
    expect(Object.keys(decodeSafetensors(safetensors('{}')).tensors)).toEqual([]);
    const { tensors } = decodeSafetensors(safetensors({ e: { dtype: 'F32', shape: [0, 3], data_offsets: [0, 0] } }));
    expect(tensors['e'].data).toHaveLength(0);
  });

  test('shares no memory with the file, unless it may', () => {
    const file = encodeSafetensors({
      a: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) },
      half: { dtype: 'float16', shape: [1], data: Float32Array.of(3) },
      flag: { dtype: 'bool', shape: [1], data: Uint8Array.of(1) },
    });
    const [own, lent] = [false, true].map((inPlace) => decodeSafetensors(file, { inPlace }).tensors);
    expect(lent).toEqual(own);
    expect(own['a'].data.buffer).not.toBe(file.buffer);
    expect(lent['a'].data.buffer).toBe(file.buffer);
    expect(lent['flag'].data.buffer).toBe(file.buffer);
    // What is stored in another form, or not where its kind of array can begin, is copied all the same.
    expect(lent['half'].data.buffer).not.toBe(file.buffer);
    const shifted = new Uint8Array(file.length + 1).subarray(1);
    shifted.set(file);
    expect(decodeSafetensors(shifted, { inPlace: true }).tensors).toEqual(own);
    expect(() => decodeSafetensors(file, { inPlace: 'yes' as never })).toThrow(/inPlace is 'yes'/);
  });

  test('names that every object inherits are names like others', () => {
    const { tensors } = decodeSafetensors(safetensors({ constructor: u8(0, 1) }, [5]));
    expect(tensors['constructor'].data).toEqual(Uint8Array.of(5));
    expect(tensors['toString']).toBeUndefined();
  });

  test.each([
    ['empty', new Uint8Array(0), 'FILE_INVALID'],
    ['cut inside the length', new Uint8Array(7), 'FILE_INVALID'],
    ['header longer than the file', safetensors({}, [], 3n), 'FILE_INVALID'],
    ['header of 2^64 - 1 bytes', safetensors({}, [], 0xffff_ffff_ffff_ffffn), 'FILE_INVALID'],
    ['header cut short', safetensors('{"a":', []), 'FILE_INVALID'],
    ['header that is an array', safetensors('[]'), 'FILE_INVALID'],
    ['header with a space before it', safetensors(' {}'), 'FILE_INVALID'],
    ['deep nesting', safetensors(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`), 'FILE_INVALID'],
    ['bytes that are not UTF-8', safetensorsRaw([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'FILE_INVALID'],
    [
      'tensor given twice',
      safetensors(`{"a":${JSON.stringify(u8(0, 1))},"a":${JSON.stringify(u8(0, 1))}}`, [0]),
      'FILE_INVALID',
    ],
    [
      'tensor given twice, once escaped',
      safetensors(`{"a":${JSON.stringify(u8(0, 1))},"\\u0061":${JSON.stringify(u8(0, 1))}}`, [0]),
      'FILE_INVALID',
    ],
    [
      'key given twice',
      safetensors('{"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}', [0]),
      'FILE_INVALID',
    ],
    ['__proto__', safetensors(`{"__proto__":${JSON.stringify(u8(0, 1))}}`, [0]), 'FILE_INVALID'],
    ['__proto__ in metadata', safetensors('{"__metadata__":{"__proto__":"x"}}'), 'FILE_INVALID'],
    ['metadata that is no text', safetensors({ __metadata__: { a: 1 } }), 'FILE_INVALID'],
    ['metadata that is a list', safetensors({ __metadata__: ['a'] }), 'FILE_INVALID'],
    ['overlap', safetensors({ a: u8(0, 2), b: u8(1, 3) }, [0, 0, 0]), 'FILE_INVALID'],
    ['same place twice', safetensors({ a: u8(0, 2), b: u8(0, 2) }, [0, 0]), 'FILE_INVALID'],
    ['gap', safetensors({ a: u8(0, 1), b: u8(2, 3) }, [0, 0, 0]), 'FILE_INVALID'],
    ['bytes at the end', safetensors({ a: u8(0, 1) }, [0, 0]), 'FILE_INVALID'],
    ['end past the data', safetensors({ a: u8(0, 2) }, [0]), 'FILE_INVALID'],
    ['end before start', safetensors({ a: { dtype: 'U8', shape: [0], data_offsets: [1, 0] } }, [0]), 'FILE_INVALID'],
    ['negative start', safetensors({ a: { dtype: 'U8', shape: [2], data_offsets: [-1, 1] } }, [0]), 'FILE_INVALID'],
    [
      'fractional offset',
      safetensors({ a: { dtype: 'U8', shape: [1], data_offsets: [0.5, 1.5] } }, [0]),
      'FILE_INVALID',
    ],
    ['three offsets', safetensors({ a: { dtype: 'U8', shape: [1], data_offsets: [0, 1, 1] } }, [0]), 'FILE_INVALID'],
    [
      'shape larger than its bytes',
      safetensors({ a: { dtype: 'F32', shape: [9], data_offsets: [0, 4] } }, [0, 0, 0, 0]),
      'FILE_INVALID',
    ],
    [
      'shape that overflows',
      safetensors({ a: { dtype: 'U8', shape: [2 ** 32, 2 ** 32, 0], data_offsets: [0, 0] } }),
      'FILE_INVALID',
    ],
    [
      'negative lengths',
      safetensors({ a: { dtype: 'U8', shape: [-1, -1], data_offsets: [0, 1] } }, [0]),
      'FILE_INVALID',
    ],
    ['shape of text', safetensors({ a: { dtype: 'U8', shape: ['1'], data_offsets: [0, 1] } }, [0]), 'FILE_INVALID'],
    ['tensor that is null', safetensors({ a: null }), 'FILE_INVALID'],
    ['unknown key of a tensor', safetensors({ a: { ...(u8(0, 1) as object), x: 1 } }, [0]), 'FILE_INVALID'],
    ['dtype that is a number', safetensors({ a: { dtype: 4, shape: [1], data_offsets: [0, 1] } }, [0]), 'FILE_INVALID'],
    [
      'dtype without counterpart',
      safetensors({ a: { dtype: 'C64', shape: [0], data_offsets: [0, 0] } }),
      'DTYPE_UNSUPPORTED',
    ],
    ['bool of 255', safetensors({ a: { dtype: 'BOOL', shape: [1], data_offsets: [0, 1] } }, [255]), 'FILE_INVALID'],
  ] as [string, Uint8Array, string][])('refuses: %s', (_, file, code) => {
    expect(() => decodeSafetensors(file)).toThrow(expect.objectContaining({ code }));
  });

  test('refuses files past maxBytes', () => {
    expect(() => decodeSafetensors(safetensors('{}'), { maxBytes: 9 })).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_LARGE', details: { bytes: 10, maxBytes: 9 } }),
    );
  });

  test('shows no more of a hostile name than fits a line', () => {
    const file = safetensors({ ['\u001b[2J'.repeat(10_000)]: null });
    expect(() => decodeSafetensors(file)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^[ -~…]{1,300}$/) }),
    );
  });
});

describe('encodeSafetensors', () => {
  const tensors: Safetensors['tensors'] = {
    bytes: { dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 3) },
    w: { dtype: 'float32', shape: [2], data: Float32Array.of(0.5, -1) },
    big: { dtype: 'int64', shape: [], data: Float64Array.of(2 ** 53 - 1) },
  };

  test('aligns the data and is the same whatever the order of the keys', () => {
    const file = encodeSafetensors(tensors, { b: '2', a: '1' });
    const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    expect(new TextDecoder().decode(file.subarray(8, 8 + headerBytes)).trimEnd()).toBe(
      '{"__metadata__":{"a":"1","b":"2"},"big":{"dtype":"I64","shape":[],"data_offsets":[0,8]},' +
        '"w":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"bytes":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}}',
    );
    const reversed = Object.fromEntries(Object.entries(tensors).toReversed());
    expect(encodeSafetensors(reversed, { a: '1', b: '2' })).toEqual(file);
  });

  test.each([
    [{ __metadata__: tensors['w'] }, 'INVALID_ARGUMENT'],
    [JSON.parse('{"__proto__":{"dtype":"uint8","shape":[],"data":[]}}'), 'INVALID_ARGUMENT'],
    [{ w: { dtype: 'float32', shape: [3], data: new Float32Array(2) } }, 'SHAPE_MISMATCH'],
    [{ w: { dtype: 'float31', shape: [2], data: new Float32Array(2) } }, 'DTYPE_UNSUPPORTED'],
    [{ w: { dtype: 'int64', shape: [1], data: Float64Array.of(NaN) } }, 'INVALID_ARGUMENT'],
  ])('refuses %o', (bad, code) => {
    expect(() => encodeSafetensors(bad as Safetensors['tensors'])).toThrow(expect.objectContaining({ code }));
  });

  test('refuses metadata that is no text', () => {
    expect(() => encodeSafetensors({}, { steps: 3 as unknown as string })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});

describe('properties', () => {
  const names = fc.string({ unit: 'binary', maxLength: 8 }).filter((name) => name !== '__proto__');
  const contents = fc.record({
    tensors: fc.dictionary(names, numericArray, { maxKeys: 4, noNullPrototype: true }),
    metadata: fc.dictionary(names, fc.string({ unit: 'binary' }), { maxKeys: 3, noNullPrototype: true }),
  });

  test('what was written is read back', () => {
    fc.assert(
      fc.property(contents, ({ tensors, metadata }) => {
        const read = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect({ ...read.tensors }).toEqual(tensors);
        expect({ ...read.metadata }).toEqual(metadata);
      }),
    );
  });

  test('no bytes throw anything but a HeedError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.json({ depthSize: 'medium' }), (bytes, json) => {
        for (const file of [bytes, safetensors(json, bytes), safetensors(`{"a":${json}}`, bytes)]) {
          refusedOr(() => decodeSafetensors(file));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('every truncation is refused', () => {
    fc.assert(
      fc.property(contents, ({ tensors, metadata }) => {
        const file = encodeSafetensors(tensors, metadata);
        for (let length = 0; length < file.length; length++) {
          expect(refusedOr(() => decodeSafetensors(file.subarray(0, length)))).toBeUndefined();
        }
      }),
      { numRuns: 30 },
    );
  });

  test('damaged files are refused or stay consistent', () => {
    fc.assert(
      fc.property(contents, damage, ({ tensors }, damaged) => {
        const result = refusedOr(() => decodeSafetensors(damaged(encodeSafetensors(tensors))));
        for (const array of Object.values(result?.tensors ?? {})) expectConsistent(array);
      }),
      { numRuns: 2000 },
    );
  });
});

function safetensorsRaw(header: number[]): Uint8Array {
  return Uint8Array.of(header.length, 0, 0, 0, 0, 0, 0, 0, ...header);
}
