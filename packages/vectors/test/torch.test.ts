import '@tensorflow/tfjs'; // registers the gradients of its ops
import { readFileSync } from 'node:fs';
import { decodeSafetensors, encodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { readVectors, type VectorCase } from '../src/index.js';
import { MAPPINGS } from '../src/mappings/index.js';
import { runCase } from '../src/run-case.js';
import { tensorsOf, type GivenTensor } from '../src/vector-case.js';

const torch = await readVectors((path) =>
  Promise.resolve(readFileSync(new URL(`../../../vectors/torch/${path}`, import.meta.url))),
);
const find = (id: string): VectorCase => torch.find((one) => one.id === id)!;

beforeAll(() => tf.setBackend('cpu'));

const failuresOf = async (test: VectorCase): Promise<readonly string[]> =>
  (await runCase(test, MAPPINGS[test.mechanism]!(test))).failures;

const without = ({ tensors, ...test }: VectorCase, name: string): VectorCase => {
  const { [name]: _, ...others } = tensors;
  return { ...test, tensors: others };
};

it('a state in float64 is read as float32, and one of whole numbers is refused', async () => {
  const stored = (dtype: 'float64' | 'int32') =>
    readVectors((path) => {
      const bytes = readFileSync(new URL(`../../../vectors/torch/${path}`, import.meta.url));
      if (path !== 'state/gru.safetensors') return Promise.resolve(bytes);
      const { tensors } = decodeSafetensors(bytes);
      const data = (x: ArrayLike<number>) => (dtype === 'int32' ? Int32Array.from(x) : Float64Array.from(x));
      const others = Object.entries(tensors).map(([key, one]) => {
        return [key, { dtype, shape: one.shape, data: data(one.data as Float32Array) }] as const;
      });
      return Promise.resolve(encodeSafetensors(Object.fromEntries(others) as typeof tensors));
    });
  expect((await stored('float64')).find(({ id }) => id === 'gru')).toEqual(find('gru'));
  await expect(stored('int32')).rejects.toThrow(/weight_ih_l0' is int32, not float32 or float16/);
});

describe('what a state of PyTorch must have', () => {
  it.each([
    ['mha-self', 'param/out_proj.weight', /has no 'out_proj\.weight'/],
    ['mha-bias-kv', 'param/bias_v', /has no bias_v/],
    ['encoder-stack', 'param/layers.1.linear1.weight', /has no 'layers\.1\.linear1\.weight'/],
    ['encoder-stack', 'param/layers.1.linear1.bias', /has no layers\.1\.linear1\.bias/],
    ['lstm', 'param/weight_hh_l0', /has no 'weight_hh_l0'/],
    ['lstm', 'param/bias_hh_l0', /has no bias_hh_l0/],
    ['lm-lstm', 'param/body.weight_hh_l0', /has no 'weight_hh_l0'/],
  ])('%s without %s', async (id, name, message) => {
    await expect(failuresOf(without(find(id), name))).rejects.toThrow(message);
  });

  it.each(['mha-self', 'encoder-layer-masks', 'transformer-pre-gelu', 'gru', 'lm-lstm'])(
    '%s with a parameter that belongs to no part of it',
    async (id) => {
      const stray: GivenTensor = { dtype: 'float32', shape: [1], data: [0], atol: 0 };
      const test = find(id);
      const more = { ...test, tensors: { ...test.tensors, 'param/weight_hr_l0': stray } };
      await expect(failuresOf(more)).rejects.toThrow(/weight_hr_l0/);
    },
  );

  it('an option that is unknown is refused, and a head that is not the embedding', () => {
    const test = find('gru');
    expect(() => MAPPINGS['nn.GRU']!({ ...test, options: { ...test.options, proj_size: 2 } })).toThrow('proj_size');
    const tied = find('lm-lstm');
    const head = tied.tensors['param/head.weight']!;
    const other = { ...head, data: Array.from(head.data, (x, n) => (n === 3 ? x + 1 : x)) };
    const untied = { ...tied, tensors: { ...tied.tensors, 'param/head.weight': other } };
    expect(() => MAPPINGS[tied.mechanism]!(untied)).toThrow('head.weight is another matrix');
  });
});

it("looking up PyTorch's padding_idx gives that row no gradient, the head still does", () => {
  const gradientOf = (padding?: number): Float32Array => {
    const { id: _, ...test } = find('lm-lstm');
    const options = padding === undefined ? test.options : { ...test.options, padding_idx: padding };
    const { run, variables, dispose } = MAPPINGS[test.mechanism]!({ ...test, id: 'padding', options });
    const tensors = (beginning: string): Record<string, tf.Tensor> =>
      Object.fromEntries(
        Object.entries(tensorsOf({ ...test, id: 'padding' }, beginning)).map(([name, { data, shape, dtype }]) => [
          name,
          tf.tensor(Array.from(data), [...shape], dtype),
        ]),
      );
    const loss = (): tf.Tensor => run(tensors('in'), tensors('param'), 0)['loss']!;
    const table = variables!['embed.weight']!;
    const gradient = tf.tidy(() => tf.grads(loss)([table])[0]!.dataSync<'float32'>());
    dispose?.();
    return gradient;
  };
  const [plain, padded] = [gradientOf(), gradientOf(2)];
  const width = 6;
  plain.forEach((value, n) => {
    if (Math.floor(n / width) !== 2) expect(padded[n]).toBe(value);
  });
  const row = padded.slice(2 * width, 3 * width);
  expect(row).not.toEqual(plain.slice(2 * width, 3 * width));
  expect(row.some((value) => value !== 0)).toBe(true);
});
