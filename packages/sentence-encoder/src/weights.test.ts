import { beforeAll, describe, expect, it } from 'vitest';
import { loadSentenceEncoder } from './encoder.js';
import { readSentenceEncoder, type SentenceEncoderFiles } from './files.js';
import { parseVocabulary } from './vocabulary.js';
import { decodeWeights } from './weights.js';

let files: SentenceEncoderFiles;
beforeAll(async () => {
  files = await readSentenceEncoder();
});

interface Manifest {
  weightsManifest: { weights: { name: string; shape: number[]; dtype: string; quantization?: object }[] }[];
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function manifestWith(change: (manifest: Manifest) => void): Uint8Array {
  const manifest = JSON.parse(text(files.manifest)) as Manifest;
  change(manifest);
  return bytes(manifest);
}

it('gives 6,961,024 numbers by name', () => {
  const weights = decodeWeights(files);
  expect(weights['0/qkv/kernel']).toHaveLength(256 * 768);
  expect(weights['1/qkv/kernel']).toHaveLength(512 * 1536);
  expect(weights['1/residual/kernel']).toBeUndefined(); // the layer's input and output have the same width
  expect(weights['frequencies'][0]).toBe(1);
  expect(weights['frequencies'][127]).toBeCloseTo(1e-4, 9);
});

describe('refuses', () => {
  const entry = (manifest: Manifest) => manifest.weightsManifest[0].weights[0];

  it.each<[string, (manifest: Manifest) => void]>([
    ['no list of weights', (manifest) => (manifest.weightsManifest = [])],
    ['a weight of another name', (manifest) => (entry(manifest).name = 'another')],
    ['a weight given twice', ({ weightsManifest: [group] }) => (group!.weights[1].name = group!.weights[0].name)],
    ['a transposed shape', (manifest) => (entry(manifest).shape = [512, 1536])],
    ['a shape that is too large', (manifest) => (entry(manifest).shape = [2 ** 24, 2 ** 24, 2 ** 24, 2 ** 24])],
    ['a negative shape', (manifest) => (entry(manifest).shape = [-1536, -512])],
    ['a fractional shape', (manifest) => (entry(manifest).shape = [0.5, 1572864])],
    ['a shape of text', (manifest) => (entry(manifest).shape = ['1536', '512'] as unknown as number[])],
    ['another dtype of known size', (manifest) => (entry(manifest).dtype = 'int32')],
    ['an unknown dtype', (manifest) => (entry(manifest).dtype = 'string')],
    ['quantized weights', (manifest) => (entry(manifest).quantization = { dtype: 'uint8', scale: 1, min: 0 })],
    ['weights left over', ({ weightsManifest: [group] }) => group!.weights.pop()],
    [
      'bytes that are missing',
      ({ weightsManifest: [group] }) => group!.weights.push({ name: 'x', shape: [9], dtype: 'int32' }),
    ],
  ])('a manifest with %s', (_, change) => {
    const hostile = { ...files, manifest: manifestWith(change) };
    expect(() => decodeWeights(hostile)).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
  });

  it('what is no JSON, or too much of it', () => {
    const decode = (manifest: Uint8Array) => () => decodeWeights({ ...files, manifest });
    expect(decode(Uint8Array.of(0x7b))).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
    expect(decode(Uint8Array.of(0xff))).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
    expect(decode(bytes(null))).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
    expect(decode(new Uint8Array(2 ** 20 + 1))).toThrow(expect.objectContaining({ code: 'FILE_TOO_LARGE' }));
  });

  it('shards that are missing or short', () => {
    for (const shards of [[], files.shards.slice(1), [...files.shards.slice(0, 6), files.shards[6].subarray(4)]]) {
      expect(() => decodeWeights({ ...files, shards })).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
    }
  });

  it('a value that is not finite, and says where', () => {
    const damaged = files.shards[0].slice();
    new DataView(damaged.buffer).setFloat32(4 * 1234, NaN, true);
    const shards = [damaged, ...files.shards.slice(1)];
    expect(() => decodeWeights({ ...files, shards })).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE', details: expect.objectContaining({ index: 1234 }) as object }),
    );
  });

  it.each<[string, (pieces: unknown[]) => unknown]>([
    ['a piece too few', (pieces) => pieces.slice(1)],
    ['an empty piece', (pieces) => pieces.with(9, ['', -3])],
    ['a piece that is no text', (pieces) => pieces.with(9, [9, -3])],
    ['a score that is text', (pieces) => pieces.with(9, ['the', '-3'])],
    ['a score out of range', (pieces) => pieces.with(9, ['the', -1e300])],
    ['a very long piece', (pieces) => pieces.with(9, ['x'.repeat(65), -3])],
    ['no list', () => ({ length: 8000 })],
  ])('a vocabulary with %s', (_, change) => {
    const pieces = JSON.parse(text(files.vocabulary)) as unknown[];
    expect(() => parseVocabulary(bytes(change(pieces)))).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
  });
});

it('asks for the files by paths of its own, not by those of the manifest', async () => {
  const asked: string[] = [];
  const reading = readSentenceEncoder(async (path) => {
    asked.push(path);
    return new Uint8Array(0);
  });
  expect((await reading).shards).toHaveLength(7);
  expect(asked).toHaveLength(9);
  expect(asked.every((path) => /^dist\/[a-z0-9.-]+$/.test(path))).toBe(true);
  await expect(loadSentenceEncoder(async () => new Uint8Array(0))).rejects.toThrow(
    expect.objectContaining({ code: 'FILE_INVALID' }),
  );
});
