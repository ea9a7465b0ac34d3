import { describe, expect, test } from 'vitest';
import { openSafetensors, type ByteSource } from './safetensors-file.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

/** Bytes as a source that notes which of them were read. */
function watched(bytes: Uint8Array): ByteSource & { readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    size: bytes.length,
    reads,
    async read(start, end) {
      reads.push([start, end]);
      return bytes.slice(start, end);
    },
  };
}

const tensors = {
  a: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  b: { dtype: 'bfloat16', shape: [3], data: Float32Array.of(1.5, -0.25, Infinity) },
  empty: { dtype: 'int32', shape: [0], data: new Int32Array(0) },
} as const;

describe('openSafetensors', () => {
  test('reads the header alone, and then the bytes of one tensor', async () => {
    const bytes = encodeSafetensors(tensors, { format: 'pt' });
    const source = watched(bytes);
    const file = await openSafetensors(source);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(source.reads).toEqual([
      [0, 8],
      [8, 8 + length],
    ]);
    expect(file.metadata).toEqual({ format: 'pt' });
    expect(file.entries.get('b')).toMatchObject({ dtype: 'bfloat16', shape: [3] });
    expect(await file.read('b')).toEqual(tensors.b);
    expect(source.reads.at(-1)).toEqual([8 + length + 16, 8 + length + 22]);
    expect(await file.read('empty')).toEqual(tensors.empty);
  });

  test('refuses names that the file has not, files that are cut off, and sources that give too little', async () => {
    const bytes = encodeSafetensors(tensors);
    const file = await openSafetensors(watched(bytes));
    await expect(file.read('c')).rejects.toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }));
    for (const length of [0, 7, 8, 60, bytes.length - 1]) {
      await expect(openSafetensors(watched(bytes.slice(0, length)))).rejects.toThrow(
        expect.objectContaining({ code: 'FILE_INVALID' }),
      );
    }
    const short: ByteSource = { size: bytes.length, read: async (start, end) => bytes.slice(start, Math.min(end, 90)) };
    await expect(openSafetensors(short)).rejects.toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
  });
});

describe('bfloat16', () => {
  const stored = (value: number): number[] => {
    const bytes = encodeSafetensors({ x: { dtype: 'bfloat16', shape: [1], data: Float32Array.of(value) } });
    return Array.from(bytes.slice(-2));
  };

  test('rounds to nearest, ties to even', () => {
    expect(stored(1)).toEqual([0x80, 0x3f]);
    expect(stored(1 + 2 ** -8)).toEqual([0x80, 0x3f]);
    expect(stored(1 + 3 * 2 ** -8)).toEqual([0x82, 0x3f]);
    expect(stored(1 + 2 ** -8 + 2 ** -20)).toEqual([0x81, 0x3f]);
    expect(stored(-Infinity)).toEqual([0x80, 0xff]);
  });

  test('a NaN stays one', () => {
    const bytes = encodeSafetensors({ x: { dtype: 'bfloat16', shape: [1], data: Float32Array.of(NaN) } });
    expect(decodeSafetensors(bytes).tensors.x!.data).toEqual(Float32Array.of(NaN));
  });
});
