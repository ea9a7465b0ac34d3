import '@tensorflow/tfjs'; // registers the gradients of its ops
import { readFileSync } from 'node:fs';
import { loadAnywhere } from '@heed/backends/composed';
import { HeedError } from '@heed/core';
import { decodeSafetensors, encodeSafetensors } from '@heed/formats';
import { describe, expect, it } from 'vitest';
import { MAPPED_MECHANISMS, parseVectors, readVectors, runVectors, type VectorCase } from '../src/index.js';

const fileOf = (folder: string, name: string): Buffer =>
  readFileSync(new URL(`../../../vectors/${folder}/${name}`, import.meta.url));
const file = (name: string): Buffer => fileOf('rope', name);
const json = file('cases.json').toString();
const rope = parseVectors(json, file('cases.safetensors'));
const mechanisms = parseVectors(
  fileOf('mechanisms', 'cases.json').toString(),
  fileOf('mechanisms', 'cases.safetensors'),
);
const torch = await readVectors((path) => Promise.resolve(fileOf('torch', path)));
const keras = await readVectors((path) => Promise.resolve(fileOf('keras/layers', path)));
const composed = (await loadAnywhere()).find(({ name }) => name === 'composed')!;

describe.each((await loadAnywhere()).map((factory) => [factory.name, factory] as const))('on %s', (_, factory) => {
  it('vectors/rope: all 13 pass, outputs and gradients', async () => {
    const { cases, totals } = await runVectors(factory, rope);
    expect(cases.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(totals).toMatchObject({ passed: 13, failed: 0, skipped: 0 });
    for (const { outputs } of cases)
      expect(outputs.map(({ name }) => name).toSorted()).toEqual([
        'attentionFactor',
        'cos',
        'gradient of k',
        'gradient of q',
        'inverseFrequency',
        'k',
        'q',
        'sin',
      ]);
  });

  it.each([
    ['mechanisms', mechanisms],
    ['torch', torch],
    ['keras/layers', keras],
  ])('vectors/%s: every case passes', async (_, all) => {
    const { cases } = await runVectors(factory, all);
    expect(cases.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(cases).toHaveLength(all.length);
  });
});

it('vectors/torch has 57 cases, which all have a mapping', () => {
  expect(torch).toHaveLength(57);
  expect(torch.filter(({ mechanism }) => !MAPPED_MECHANISMS.includes(mechanism))).toEqual([]);
});

it('vectors/keras/layers has 68 cases, 46 of them with gradients of scores too, and 12 calls that are refused', () => {
  const ids = keras.map(({ id }) => id);
  expect(ids.filter((id) => !id.includes('/'))).toHaveLength(68);
  expect(ids.filter((id) => id.endsWith('/scores'))).toHaveLength(46);
  expect(ids.filter((id) => id.startsWith('errors/'))).toHaveLength(12);
  expect(keras.filter(({ mechanism }) => !MAPPED_MECHANISMS.includes(mechanism))).toEqual([]);
});

it('vectors/mechanisms has 79 cases of 31 mechanisms, which all have a mapping', () => {
  expect(mechanisms).toHaveLength(79);
  expect(mechanisms.filter(({ mechanism }) => !MAPPED_MECHANISMS.includes(mechanism))).toEqual([]);
  expect(new Set(mechanisms.map(({ mechanism }) => mechanism)).size).toBe(31);
});

describe('what is wrong is the failure of its case', () => {
  const [first] = rope as [VectorCase, ...VectorCase[]];
  const messageOf = async (changes: Partial<VectorCase>): Promise<string | undefined> => {
    const { cases } = await runVectors(composed, [{ ...first, ...changes }, first]);
    expect(cases[1]!.status).toBe('passed'); // the next one runs
    return cases[0]!.message;
  };
  const altered = (name: string, change: (values: number[]) => number[]): Pick<VectorCase, 'tensors'> => ({
    tensors: {
      ...first.tensors,
      [name]: { ...first.tensors[name]!, data: change(Array.from(first.tensors[name]!.data)) },
    },
  });

  it.each(['out/q', 'grad/k', 'out/inverseFrequency'])('a number of %s that is off by 1e-3', async (name) => {
    expect(await messageOf(altered(name, ([x, ...rest]) => [x! + 1e-3, ...rest]))).toMatch(/off by 0\.00100/);
  });

  it('NaN where none is expected, and none where it is', async () => {
    expect(await messageOf(altered('in/q', ([, ...rest]) => [NaN, ...rest]))).toMatch(/q\[0,0,0,0\] is NaN/);
    expect(await messageOf(altered('out/q', ([, ...rest]) => [NaN, ...rest]))).toMatch(/expected NaN/);
  });

  it('a mechanism that has no mapping, a setting that there is none of, an output that is unknown', async () => {
    expect(await messageOf({ mechanism: 'toString' })).toMatch(/toString: its cases can't be mapped.*rotary/);
    expect(await messageOf({ options: { ...first.options, scaling: 'log' } })).toMatch(/INVALID_ARGUMENT|kind/);
    expect(await messageOf({ options: { ...first.options, wavelength: 3, scaling: 'linear', factor: 2 } })).toMatch(
      /wavelength/,
    );
    const tensors = { ...first.tensors, 'out/other': first.tensors['out/q']! };
    expect(await messageOf({ tensors })).toMatch(/other is expected, but the mapping doesn't give it/);
    const { 'in/positions': __, ...without } = first.tensors;
    expect(await messageOf({ tensors: without })).toMatch(/positions .* are missing/);
  });
});

describe("what is wrong in a case of Keras's layers is its failure", () => {
  const one = keras.find(({ id }) => id === 'mha_self')!;
  const { init, call, config, masks } = one.options as Readonly<Record<string, object>>;

  it.each([
    ["an argument that the layer hasn't", { init: { ...init, n_heads: 2 } }, /no option 'nHeads'/],
    ["a keyword that its call hasn't", { call: { ...call, is_causal: true } }, /no argument isCausal/],
    ['a configuration that differs', { config: { ...config, value_dim: 4 } }, /valueDim 3, not 4/],
    ['a weight of another name', { weights: ['query/w'] }, /query\/kernel.*, not query\/w/],
    ['a mask that stays on an input', { masks: { ...masks, still_attached_to_input: { x: true } } }, /are taken off/],
  ])('%s', async (_, changes, message) => {
    const { cases } = await runVectors(composed, [{ ...one, options: { ...one.options, ...changes } }, one]);
    expect(cases[0]!.message).toMatch(message);
    expect(cases[1]!.status).toBe('passed');
  });

  it('a call that Keras refuses and Heed takes', async () => {
    const options = { refused: 'nothing', init, inputs: { x: [2, 4, 4] }, call: { query: 'x', value: 'x' } };
    const { cases } = await runVectors(composed, [{ ...one, options, tensors: {} }]);
    expect(cases[0]!.message).toMatch(/Keras refuses it and Heed doesn't: nothing/);
  });

  it('a file that is not as it says', () => {
    const text = JSON.stringify({ made_with: { keras: '3' }, cases: [{ class_name: 'Attention' }] });
    expect(() => parseVectors(text, fileOf('keras/layers', 'cases.safetensors'))).toThrow(/cases\.0\.name/);
  });
});

describe('parseVectors refuses', () => {
  const { tensors } = decodeSafetensors(file('cases.safetensors'));
  const bytes = file('cases.safetensors');
  const refused = (text: string, data: Uint8Array = bytes): unknown => {
    try {
      return parseVectors(text, data);
    } catch (error) {
      return HeedError.isInstance(error) ? [error.code, error.message] : error;
    }
  };
  const cases = (...list: object[]): string => JSON.stringify({ cases: list });
  const one = { id: 'a', mechanism: 'rotary', tensors: {} };

  it.each([
    ['no JSON', '{', /no JSON/],
    ['no list', '{}', /cases/],
    ['no cases', cases(), /no cases/],
    ['one twice', cases(one, one), /'a' twice/],
    ['no id', cases({ ...one, id: 3 }), /cases\.0\.id/],
    ['a dtype that is none', cases({ ...one, tensors: { x: { dtype: 'int4', shape: [] } } }), /dtype/],
    ['a tensor that is missing', cases({ ...one, tensors: { x: { dtype: 'int32', shape: [1] } } }), /no tensor 'a\/x'/],
  ])('%s', (_, text, message) => {
    expect(refused(text)).toEqual(['FILE_INVALID', expect.stringMatching(message)]);
  });

  it.each([
    ['of a case that is no file of the folder', { id: '../a' }, {}, /'\.\.\/a' has a state, and is no name of a file/],
    ['with another shape', {}, { v: [1] }, /'v' has shape \[1\], cases\.json says \[2\]/],
    ['without a parameter', {}, {}, /'v' is missing/],
    ['with a parameter too many', {}, { v: [2], w: [1] }, /has 'w', of which cases\.json says nothing/],
  ])('a state %s', async (_, changes, shapes: Record<string, number[]>, message) => {
    const state = Object.entries(shapes).map(
      ([key, shape]) => [key, { dtype: 'float32', shape, data: new Float32Array(shape[0]!) }] as const,
    );
    const files: Readonly<Record<string, Uint8Array>> = {
      'cases.json': new TextEncoder().encode(cases({ ...one, state: { v: [2] }, ...changes })),
      'cases.safetensors': bytes,
      'state/a.safetensors': encodeSafetensors(Object.fromEntries(state)),
    };
    await expect(readVectors((path) => Promise.resolve(files[path]!))).rejects.toThrow(message);
  });

  it('a state whose file is missing', () => {
    expect(refused(cases({ ...one, state: { v: [2] } }))).toEqual([
      'FILE_INVALID',
      expect.stringMatching(/there is no state\/a\.safetensors/),
    ]);
  });

  it('a tensor of another shape, and a file that is none', () => {
    const [name] = Object.keys(tensors) as [string];
    const flat = { ...tensors[name]!, shape: [tensors[name]!.data.length] };
    const other = encodeSafetensors({ ...tensors, [name]: flat } as typeof tensors);
    expect(refused(json, other)).toEqual(['FILE_INVALID', expect.stringContaining('has shape')]);
    expect(refused(json, bytes.subarray(0, 99))).toEqual(['FILE_INVALID', expect.anything()]);
  });
});
