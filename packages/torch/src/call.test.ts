import '@tensorflow/tfjs'; // registers the gradients of its ops
import { dense } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, stateOf } from '../test/cases.js';
import { fromTorch, type AnyTorchModule } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

/** Runs a check with a module, and frees both. */
const withModule = <Module extends Pick<AnyTorchModule, 'dispose'>>(
  module: Module,
  check: (module: Module) => void,
) => {
  try {
    tf.tidy(() => check(module));
  } finally {
    module.dispose();
  }
};

const random = (...shape: number[]): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', 3);
const close = (a: tf.Tensor, b: tf.Tensor): void => {
  expect(a.shape).toEqual(b.shape);
  expect(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]).toBeLessThan(2e-6);
};
const codeOf = (run: () => unknown): unknown => {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('MultiheadAttention', () => {
  const make = (batchFirst?: boolean) =>
    fromTorch(bytesOf('mha-self'), {
      kind: 'MultiheadAttention',
      heads: 2,
      ...(batchFirst !== undefined && { batchFirst }),
    });

  it('takes [T, B, E] by default, [B, T, E] when told, and [T, E]', () => {
    const x = random(3, 5, 8);
    withModule(make(true), (module) => {
      const { output, weights } = module.call(x, { weights: 'heads' });
      expect(weights.shape).toEqual([3, 2, 5, 5]);
      const one = module.call(tf.slice(x, 1, 1).squeeze([0]), { weights: 'mean' });
      close(one.output, tf.slice(output, 1, 1).squeeze([0]));
      close(one.weights, tf.mean(tf.slice(weights, 1, 1), 1).squeeze([0]));
      withModule(make(), (turned) => {
        close(turned.call(tf.transpose(x, [1, 0, 2])).output, tf.transpose(output, [1, 0, 2]));
      });
    });
    x.dispose();
  });

  it('in every mask true attends, and nothing else does', () => {
    const x = random(2, 3, 8);
    const keyMask = tf.tensor([1, 1, 0, 1, 0, 0], [2, 3], 'bool');
    withModule(make(true), (module) => {
      const { weights } = module.call(x, { keyMask, weights: 'mean', causal: true });
      const zeros = weights.arraySync() as number[][][];
      expect(zeros.map((row) => row.map((keys) => keys.map((weight) => weight > 0)))).toEqual([
        [
          [true, false, false],
          [true, true, false],
          [true, true, false],
        ],
        [
          [true, false, false],
          [true, false, false],
          [true, false, false],
        ],
      ]);
      const mask = dense(tf.tile(tf.expandDims(keyMask, 1), [1, 3, 1]), { axes: 'bqk' });
      close(module.call(x, { mask, causal: true, weights: 'mean' }).weights, weights);
    });
    tf.dispose([x, keyMask]);
  });

  it('has no weights unless they are asked for', () => {
    const x = random(3, 2, 8);
    withModule(make(), (module) => {
      expect(module.call(x).weights).toBeUndefined();
    });
    x.dispose();
  });

  it('refuses what does not fit, by its own names', () => {
    const [narrow, flat, x] = [random(3, 2, 7), random(8), random(3, 2, 8)];
    withModule(make(), (module) => {
      expect(codeOf(() => module.call(narrow))).toBe('SHAPE_MISMATCH');
      expect(codeOf(() => module.call(flat))).toBe('SHAPE_MISMATCH');
      expect(codeOf(() => module.call([1] as never))).toBe('INVALID_ARGUMENT');
      expect(codeOf(() => module.call({ query: x, memory: x } as never))).toBe('UNKNOWN_OPTION');
      expect(codeOf(() => module.call(x, { attnMask: x } as never))).toBe('UNKNOWN_OPTION');
      expect(codeOf(() => module.call(x, { weights: 'all' } as never))).toBe('UNKNOWN_NAME');
      expect(codeOf(() => module.call(x, { keyMask: x }))).toBe('SHAPE_MISMATCH');
    });
    tf.dispose([narrow, flat, x]);
  });
});

describe('transformers', () => {
  it('give the weights of each layer, and of attention to the memory', () => {
    const [src, tgt] = [random(4, 2, 8), random(3, 2, 8)];
    const options = { kind: 'Transformer', heads: 2, normFirst: true, activation: 'gelu' } as const;
    withModule(fromTorch(bytesOf('transformer-pre-gelu'), options), (module) => {
      const { output, memory, weights, crossWeights, encoderWeights } = module.call(src, tgt, {
        tgt: { causal: true },
        weights: 'heads',
      });
      expect([output.shape, memory.shape]).toEqual([
        [3, 2, 8],
        [4, 2, 8],
      ]);
      expect(encoderWeights.map(({ shape }) => shape)).toEqual([
        [2, 2, 4, 4],
        [2, 2, 4, 4],
      ]);
      expect(weights.map(({ shape }) => shape)).toEqual([[2, 2, 3, 3]]);
      expect(crossWeights.map(({ shape }) => shape)).toEqual([[2, 2, 3, 4]]);
      expect(codeOf(() => module.call(src, tgt, { src: { lengths: [1] } } as never))).toBe('UNKNOWN_OPTION');
      expect(module.call(src, tgt).weights).toBeUndefined();
    });
    tf.dispose([src, tgt]);
  });
});

describe('recurrent modules', () => {
  it('take one sequence without a batch, whose states have no axis of it', () => {
    const x = random(6, 1, 4);
    withModule(fromTorch(bytesOf('lstm-2-bidirectional'), { kind: 'LSTM' }), (module) => {
      const all = module.call(x);
      const h0 = random(4, 3);
      const one = module.call(x.squeeze([1]));
      expect([one.output.shape, one.hn.shape, one.cn.shape]).toEqual([
        [6, 6],
        [4, 3],
        [4, 3],
      ]);
      close(one.output, all.output.squeeze([1]));
      close(one.cn, all.cn.squeeze([1]));
      expect(codeOf(() => module.call(x, { h0 }))).toBe('INVALID_ARGUMENT');
      expect(codeOf(() => module.call(x, { h0, c0: h0 }))).toBe('SHAPE_MISMATCH');
      expect(codeOf(() => module.call(x, { lengths: [7] }))).toBe('INVALID_ARGUMENT');
      expect(codeOf(() => module.call(x, { lengths: [1, 2] }))).toBe('INVALID_ARGUMENT');
    });
    x.dispose();
  });

  it('a GRU has no c0', () => {
    const x = random(6, 1, 4);
    withModule(fromTorch(bytesOf('gru'), { kind: 'GRU' }), (module) => {
      expect(codeOf(() => module.call(x, { c0: x } as never))).toBe('UNKNOWN_OPTION');
    });
    x.dispose();
  });
});

describe('layers without a time of their own', () => {
  it('Linear is x Wᵀ + b over the last axis', () => {
    const state = { weight: { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] }, bias: Float32Array.of(10, 20) };
    const x = tf.ones([2, 1, 3]);
    withModule(fromTorch(state, { kind: 'Linear' }), (module) => {
      expect(module.call(x).arraySync()).toEqual([[[16, 35]], [[16, 35]]]);
      expect(codeOf(() => module.call(tf.ones([2])))).toBe('SHAPE_MISMATCH');
    });
    withModule(fromTorch({ weight: state.weight }, { kind: 'Linear' }), (module) => {
      expect(module.call(tf.ones([3])).arraySync()).toEqual([6, 15]);
    });
    x.dispose();
  });

  it('LayerNorm has several axes, ε, and perhaps no bias', () => {
    const x = tf.tensor([1, 3, 1, 3, 0, 0, 0, 0], [2, 2, 2]);
    const weight = { shape: [2, 2], data: [1, 1, 2, 2] };
    withModule(fromTorch({ weight, bias: { shape: [2, 2], data: [0, 0, 1, 1] } }, { eps: 3 }), (module) => {
      if (module.kind !== 'LayerNorm') throw new Error(module.kind);
      close(module.call(x), tf.tensor([-0.5, 0.5, 0, 2, 0, 0, 1, 1], [2, 2, 2]));
    });
    withModule(fromTorch({ weight }, { kind: 'LayerNorm', eps: 3 }), (module) => {
      close(module.call(x), tf.tensor([-0.5, 0.5, -1, 1, 0, 0, 0, 0], [2, 2, 2]));
    });
    x.dispose();
  });

  it('Embedding looks rows up, and its padding gets no gradient', () => {
    const state = { weight: { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] } };
    const ids = tf.tensor([2, 0, 0, 1], [2, 2], 'int32');
    withModule(fromTorch(state, { kind: 'Embedding', paddingIdx: -3 }), (module) => {
      expect(module.call(ids).arraySync()).toEqual([
        [
          [5, 6],
          [1, 2],
        ],
        [
          [1, 2],
          [3, 4],
        ],
      ]);
      const { grads } = tf.variableGrads(() => tf.sum(module.call(ids)) as tf.Scalar);
      expect(Object.values(grads)[0]!.arraySync()).toEqual([
        [0, 0],
        [1, 1],
        [1, 1],
      ]);
      expect(codeOf(() => module.call(tf.tensor([3], [1], 'int32')))).toBe('INVALID_ARGUMENT');
      expect(codeOf(() => module.call(tf.tensor([1])))).toBe('DTYPE_UNSUPPORTED');
    });
    expect(codeOf(() => fromTorch(state, { kind: 'Embedding', paddingIdx: 3 }))).toBe('INVALID_ARGUMENT');
    ids.dispose();
  });
});

it('an optimizer reaches every parameter, and toTorch gives what it made of them', () => {
  const [src, tgt] = [random(5, 1, 8), random(3, 1, 8)];
  withModule(fromTorch(stateOf('transformer-post-relu'), { kind: 'Transformer', heads: 2 }), (module) => {
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(tf.sub(module.call(src, tgt).output, 1))) as tf.Scalar);
    const reached = Object.values(module.parameters).filter(
      ({ name }) => tf.max(tf.abs(grads[name]!)).dataSync()[0]! > 0,
    );
    expect(reached).toHaveLength(Object.keys(module.parameters).length);
  });
  tf.dispose([src, tgt]);
});
