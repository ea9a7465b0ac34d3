import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../../test/backends.js';
import { filesIn } from '../../test/folders.js';
import { loadPretrained } from '../load-pretrained.js';
import { fakeModules } from '../../test/sentence-transformers.js';
import type { Pooling } from './pool.js';

useBackend(BACKENDS[1]!);

const TEXTS = ['A red boat.', 'It is here and there.'];

/** Each text's states by itself, without pads. */
async function statesOf(files: Record<string, Uint8Array>): Promise<number[][][]> {
  const model = await loadPretrained(files);
  const states = TEXTS.map((text) => {
    const { ids, typeIds } = model.tokenizer!.encode(text);
    return tf.tidy(() => model.run({ inputIds: [ids], tokenTypeIds: [typeIds] }).lastHiddenState!.arraySync()[0]!);
  });
  model.dispose();
  return states;
}

const columns = (rows: readonly (readonly number[])[], of: (column: number[]) => number): number[] =>
  rows[0]!.map((_, e) => of(rows.map((row) => row[e]!)));
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

const BY_HAND: Readonly<Record<Pooling, (rows: number[][]) => number[]>> = {
  mean: (rows) => columns(rows, (column) => sum(column) / rows.length),
  cls: (rows) => rows[0]!,
  max: (rows) => columns(rows, (column) => Math.max(...column)),
  mean_sqrt_len_tokens: (rows) => columns(rows, (column) => sum(column) / Math.sqrt(rows.length)),
  weightedmean: (rows) =>
    columns(rows, (column) => sum(column.map((x, n) => x * (n + 1))) / sum(column.map((_, n) => n + 1))),
  lasttoken: (rows) => rows.at(-1)!,
};

it.each(Object.keys(BY_HAND) as Pooling[])('texts of several lengths are pooled by their %s', async (pooling) => {
  const states = await statesOf(filesIn('bert'));
  const model = await loadPretrained(filesIn('bert'));
  const before = tf.memory().numTensors;
  const vectors = model.embed(TEXTS, { pooling });
  const wanted = states.map(BY_HAND[pooling]);
  for (const [n, row] of vectors.arraySync().entries()) {
    for (const [e, value] of row.entries()) expect(value).toBeCloseTo(wanted[n]![e]!, 5);
  }
  vectors.dispose();
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

describe('a folder of sentence-transformers', () => {
  it('says how, and options say otherwise', async () => {
    const model = await loadPretrained(fakeModules({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }));
    expect(model.embedding).toEqual({ pooling: ['cls'], normalize: true, others: [] });
    const [own, cls, mean] = tf.tidy(() =>
      [{}, { pooling: 'cls', normalize: true } as const, { pooling: 'mean', normalize: false } as const].map(
        (options) => model.embed(TEXTS, options).arraySync(),
      ),
    );
    expect(own).toEqual(cls);
    for (const row of own!) expect(sum(row.map((x) => x * x))).toBeCloseTo(1, 5);
    expect(sum(mean![0]!.map((x) => x * x))).not.toBeCloseTo(1, 2);
    model.dispose();
  });

  it('of several poolings has one after another, also as newer files say it', async () => {
    const model = await loadPretrained(fakeModules({ pooling_mode: ['mean', 'max'] }));
    const vectors = model.embed(TEXTS);
    expect(vectors.shape).toEqual([2, 64]);
    vectors.dispose();
    model.dispose();
  });

  it.each([
    ['no list', '{}', 'FILE_INVALID'],
    ['a path that leads out', '[{"type": "sentence_transformers.models.Pooling", "path": "../x"}]', 'FILE_INVALID'],
    [
      'a folder that isn’t there',
      '[{"type": "sentence_transformers.models.Pooling", "path": "7_Pooling"}]',
      'FILE_ACCESS',
    ],
  ])('with %s in modules.json is refused', async (_, modules, code) => {
    await expect(loadPretrained(filesIn('bert', { 'modules.json': modules }))).rejects.toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('with a pooling that isn’t known is refused; and one with another module, unless a pooling is asked for', async () => {
    await expect(loadPretrained(fakeModules({ pooling_mode_middle: true }))).rejects.toThrow(
      expect.objectContaining({ code: 'UNKNOWN_NAME' }),
    );
    const model = await loadPretrained(fakeModules({ pooling_mode_mean_tokens: true }, ['Dense']));
    expect(() => model.embed(TEXTS)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_NAME', message: expect.stringContaining('Dense') as string }),
    );
    model.embed(TEXTS, { pooling: 'mean' }).dispose();
    model.dispose();
  });
});

it.each([
  ['no texts', 'bert', [], {}, 'INVALID_ARGUMENT'],
  ['a pooling that there is not', 'bert', TEXTS, { pooling: 'median' }, 'UNKNOWN_NAME'],
  ['an option that there is not', 'bert', TEXTS, { pool: 'mean' }, 'UNKNOWN_OPTION'],
  ['a model of two sides', 't5', TEXTS, {}, 'INVALID_ARGUMENT'],
])('%s is refused, and leaves nothing', async (_, name, texts, options, code) => {
  const model = await loadPretrained(filesIn(name));
  const before = tf.memory().numTensors;
  expect(() => model.embed(texts, options as object)).toThrow(expect.objectContaining({ code }));
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});
