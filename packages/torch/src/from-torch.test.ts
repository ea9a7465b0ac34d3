import '@tensorflow/tfjs'; // registers the gradients of its ops
import { HeedError, type ErrorCode } from '@heed/core';
import { encodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { bytesOf, stateOf, under } from '../test/cases.js';
import { fromTorch, modulesIn, toTorch, type AnyTorchOptions, type StateDict, type TorchKind } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const heads = { heads: 2 };
const CASES: readonly (readonly [id: string, kind: TorchKind, options: AnyTorchOptions])[] = [
  ['mha-self', 'MultiheadAttention', heads],
  ['mha-cross-kdim-vdim', 'MultiheadAttention', { heads: 4 }],
  ['mha-cross-no-bias', 'MultiheadAttention', heads],
  ['mha-bias-kv', 'MultiheadAttention', heads],
  ['encoder-layer-post-relu', 'TransformerEncoderLayer', heads],
  ['decoder-layer-post-relu', 'TransformerDecoderLayer', heads],
  ['encoder-stack', 'TransformerEncoder', heads],
  ['transformer-pre-gelu', 'Transformer', heads],
  ['lstm-2-bidirectional', 'LSTM', {}],
  ['gru', 'GRU', {}],
];

describe.each(CASES)('%s', (id, kind, options) => {
  it('is known by its keys, and comes back to the bit', () => {
    const state = stateOf(id);
    const module = fromTorch(state, options);
    expect(module).toMatchObject({ kind, prefix: '' });
    expect(toTorch(module)).toEqual({ ...state });
    module.dispose();
  });

  it('is found and read under a prefix, with which it comes back', () => {
    const state = under('model.part', stateOf(id));
    const whole = { ...state, 'other.weight': tf.zeros([2, 3]), 'other.bias': tf.zeros([2]) };
    expect(modulesIn(whole)).toEqual([
      { prefix: 'model.part', kind },
      { prefix: 'other', kind: 'Linear' },
    ]);
    const module = fromTorch(whole, { ...options, prefix: 'model.part' });
    expect(toTorch(module)).toEqual(state);
    module.dispose();
    tf.dispose([whole['other.weight'], whole['other.bias']]);
  });
});

it('bytes of a file, what decodeSafetensors gives, tensors and plain numbers are one', () => {
  const tensors = stateOf('gru');
  const asTensors = Object.fromEntries(
    Object.entries(tensors as Record<string, { shape: number[]; data: Float32Array }>).map(([key, { shape, data }]) => [
      key,
      tf.tensor(data, shape),
    ]),
  );
  const plain = Object.fromEntries(
    Object.entries(tensors as Record<string, { shape: number[]; data: Float32Array }>).map(([key, { shape, data }]) => [
      key,
      shape.length === 1 ? data : { shape, data: [...data] },
    ]),
  );
  for (const state of [bytesOf('gru'), { tensors, metadata: {} }, asTensors, plain]) {
    const module = fromTorch(state as StateDict);
    expect(toTorch(module)).toEqual({ ...tensors });
    module.dispose();
  }
  tf.dispose(asTensors);
});

it('the file that is made of it is read again', () => {
  const module = fromTorch(bytesOf('encoder-stack'), heads);
  const again = fromTorch(encodeSafetensors(toTorch(module), { format: 'pt' }), heads);
  expect(toTorch(again)).toEqual(toTorch(module));
  module.dispose();
  again.dispose();
});

it('float16 and bfloat16 are widened, float64 is rounded', () => {
  for (const dtype of ['float16', 'bfloat16', 'float64'] as const) {
    const data = dtype === 'float64' ? Float64Array.of(0.1, 0.2) : Float32Array.of(0.5, 0.25);
    const module = fromTorch({ weight: { dtype, shape: [2, 1], data } as StateDict[string] });
    expect(toTorch(module)['weight']).toEqual({ dtype: 'float32', shape: [2, 1], data: Float32Array.from(data) });
    module.dispose();
  }
});

const refused = (state: unknown, options: AnyTorchOptions | object = {}): unknown => {
  try {
    fromTorch(state as StateDict, options as AnyTorchOptions).dispose();
    return 'taken';
  } catch (error) {
    return HeedError.isInstance(error) ? [error.code, `${error.message}; ${error.hint}`] : error;
  }
};

const expectRefused = (state: unknown, options: object, code: ErrorCode, words: RegExp): void =>
  expect(refused(state, options)).toEqual([code, expect.stringMatching(words)]);

describe('what is wrong is said before anything is made', () => {
  const without = (id: string, key: string): StateDict => {
    const { [key]: _, ...others } = stateOf(id);
    return others;
  };

  it.each([
    ...['in_proj_weight', 'in_proj_bias', 'out_proj.bias'].map((key) => ['mha-self', key, heads] as const),
    ...['bias_k', 'bias_v'].map((key) => ['mha-bias-kv', key, heads] as const),
    ['mha-cross-kdim-vdim', 'q_proj_weight', heads],
    ['encoder-layer-post-relu', 'norm2.bias', heads],
    ['encoder-stack', 'norm.bias', heads],
    ['encoder-stack', 'layers.0.linear2.bias', heads],
    ['transformer-post-relu', 'decoder.layers.0.multihead_attn.in_proj_weight', heads],
    ['lstm-2-bidirectional', 'weight_ih_l1_reverse', {}],
    ['lstm-2-bidirectional', 'bias_hh_l1', {}],
  ] as const)('%s without %s', (id, key, options) => {
    expectRefused(without(id, key), options, 'CHECKPOINT_INVALID', new RegExp(`has no '?${key}`));
  });

  it('a key too many, and a matrix of another shape', () => {
    const state = stateOf('mha-self');
    expectRefused(
      { ...state, extra: tf.tidy(() => Float32Array.of(1)) },
      heads,
      'CHECKPOINT_INVALID',
      /has extra, which/,
    );
    const wide = { shape: [8, 9], data: new Float32Array(72) };
    expectRefused({ ...state, 'out_proj.weight': wide }, heads, 'SHAPE_MISMATCH', /out_proj\.weight.*\[8,9\].*\[8,8\]/);
    expectRefused({ ...state, 'out_proj.weight': Float32Array.of(1) }, heads, 'SHAPE_MISMATCH', /expected a matrix/);
  });

  it('numbers that are not finite, or not as many, or no floats', () => {
    const state = stateOf('gru');
    const data = new Float32Array(15).fill(NaN, 7);
    expectRefused({ ...state, bias_ih_l0: data }, {}, 'NOT_FINITE', /'bias_ih_l0'.* NaN at flat index 7/);
    expectRefused({ ...state, bias_ih_l0: { shape: [15], data: [1] } }, {}, 'SHAPE_MISMATCH', /\[15\], and has 1/);
    const ids = { dtype: 'int64', shape: [15], data: new Float64Array(15) };
    expectRefused({ ...state, bias_ih_l0: ids }, {}, 'DTYPE_UNSUPPORTED', /bias_ih_l0' of the state dict is int64/);
  });

  it('a prefix that there is none of, which lists those that there are', () => {
    const state = { ...under('encoder', stateOf('encoder-stack')), ...under('rnn', stateOf('gru')) };
    expectRefused(
      state,
      { prefix: 'enc', ...heads },
      'UNKNOWN_NAME',
      /'encoder' \(TransformerEncoder\), 'rnn' \(GRU\)/,
    );
    expectRefused(state, heads, 'CHECKPOINT_INVALID', /no module that is known.*modules are at 'encoder'/s);
    expectRefused({}, {}, 'UNKNOWN_NAME', /nothing in it/);
  });

  it('heads that are missing, that do not divide the width, and options of other modules', () => {
    for (const id of ['mha-self', 'encoder-layer-post-relu', 'transformer-post-relu']) {
      expectRefused(bytesOf(id), {}, 'INVALID_ARGUMENT', /heads is missing/);
      expectRefused(bytesOf(id), { heads: 3 }, 'INVALID_ARGUMENT', /heads is 3, which doesn't divide the width 8/);
    }
    expectRefused(bytesOf('mha-self'), { ...heads, normFirst: true }, 'UNKNOWN_OPTION', /no option 'normFirst'/);
    expectRefused(bytesOf('encoder-stack'), { ...heads, activation: 'tanh' }, 'INVALID_ARGUMENT', /relu.*gelu/);
    expectRefused(bytesOf('gru'), heads, 'UNKNOWN_OPTION', /no option 'heads'/);
  });

  it('a kind that is another, or none', () => {
    expectRefused(bytesOf('gru'), { kind: 'RNN' }, 'UNKNOWN_NAME', /no kind of module "RNN".*GRU/s);
    expectRefused(bytesOf('gru'), { kind: 'LSTM' }, 'SHAPE_MISMATCH', /LSTM: 'weight_ih_l0'.*\[15,4\].*\[20,4\]/);
    expectRefused(bytesOf('lstm'), { kind: 'Linear' }, 'CHECKPOINT_INVALID', /no 'weight'/);
  });

  it('projections of an LSTM, by the name of the argument', () => {
    const projected = { weight_hr_l0: { shape: [3, 5], data: new Float32Array(15) } };
    expectRefused({ ...stateOf('lstm'), ...projected }, {}, 'CHECKPOINT_INVALID', /proj_size/);
  });

  it('what is no state dict', () => {
    expectRefused(null, {}, 'INVALID_ARGUMENT', /null/);
    expectRefused([1], {}, 'INVALID_ARGUMENT', /state dict is/);
    expectRefused({ weight: 'x' }, {}, 'INVALID_ARGUMENT', /'weight'/);
    expectRefused(new Uint8Array(20), {}, 'FILE_INVALID', /safetensors/);
  });
});

it('a module is refused after dispose, which is free to be called twice', () => {
  const module = fromTorch(bytesOf('gru'), { kind: 'GRU' });
  module.dispose();
  module.dispose();
  const x = tf.zeros([3, 1, 4]);
  expect(() => module.call(x)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  expect(() => toTorch(module)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  x.dispose();
});
