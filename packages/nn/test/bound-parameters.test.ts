import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  BoundParameters,
  createAttentionSublayer,
  createFeedForwardSublayer,
  createReader,
  Parameters,
  throughBlock,
  toRows,
  toSequences,
  type TransformerBlock,
} from '../src/index.js';
import { CPU, greatestDifference, useEngine, values } from './engines.js';

const WIDTH = 4;
const [B, T] = [2, 3];

function createBlock(parameters: Parameters, norms: TransformerBlock['norms']): TransformerBlock {
  const options = { width: WIDTH, epsilon: 1e-3 };
  return {
    norms,
    attention: createAttentionSublayer(parameters, 'attention', { ...options, heads: 2, seed: 3 }),
    feedForward: createFeedForwardSublayer(parameters, 'part', { ...options, feedForwardWidth: 6, activation: 'gelu' }),
  };
}

function through(block: TransformerBlock, x: tf.Tensor2D): tf.Tensor2D {
  return throughBlock(block, x, {
    attend(rows, mechanism) {
      const sequences = toSequences(rows, B);
      return toRows(mechanism.attend(sequences, mechanism.prepare(sequences)).context);
    },
  });
}

beforeEach(() => useEngine(CPU));

describe('BoundParameters', () => {
  it.each(['before', 'after'] as const)('a block with norms %s is that with variables, gradients too', (norms) => {
    const parameters = new Parameters(1);
    const block = createBlock(parameters, norms);
    const x = tf.tensor2d(values(B * T * WIDTH), [B * T, WIDTH]);
    const weights = tf.tensor2d(values(B * T * WIDTH, 2), [B * T, WIDTH]);
    const { all } = parameters;
    const keys = Object.keys(all);
    const loss = (y: tf.Tensor2D): tf.Scalar => tf.sum(tf.mul(through(block, y), weights));
    const { value, grads } = tf.variableGrads(() => loss(x), Object.values(all));

    // Of the tensors twice as large, half of each: a function of them, whose intermediate tensors only the tape keeps.
    const doubled = keys.map((key) => tf.mul(all[key], 2));
    const bound = (...tensors: tf.Tensor[]): tf.Tensor => {
      const given = new BoundParameters(Object.fromEntries(keys.map((key, n) => [key, tf.mul(tensors[n], 0.5)])));
      const same = createBlock(given, norms);
      given.checkAllUsed();
      return tf.sum(tf.mul(through(same, x), weights));
    };
    expect(greatestDifference(bound(...doubled).dataSync(), value.dataSync())).toBeLessThan(1e-5);
    tf.grads(bound)(doubled).forEach((gradient, n) => {
      const expected = grads[all[keys[n]].name].dataSync().map((one) => one / 2);
      expect(greatestDifference(gradient.dataSync(), expected)).toBeLessThan(1e-5);
    });
    parameters.dispose();
  });

  it('says what is missing, has another shape, or belongs to no part', () => {
    const bias = tf.zeros([3]);
    const given = new BoundParameters({ bias });
    expect(given.bias('bias', new Float32Array(3))).toBe(bias);
    expect(() => given.kernel('kernel', [2, 3])).toThrow("parameter 'kernel' [2,3] is missing");
    expect(() => given.bias('bias', new Float32Array(4))).toThrow(/bias/);
    expect(() => new BoundParameters({ bias }).checkAllUsed()).toThrow('parameters [bias] belong to no part');
  });
});

describe.each(['lstm', 'gru', 'gruResetAfter'] as const)('a reader of vectors, of cells %s', (cell) => {
  const units = 3;
  const config = { cell, units, layers: 2 };
  const x = (): tf.Tensor3D => tf.tensor3d(values(B * T * WIDTH), [B, T, WIDTH]);

  it("goes on from its states as if it hadn't stopped", () => {
    const reader = createReader({ ...config, bidirectional: false }, new Parameters(2), 'reader', WIDTH);
    const whole = reader.readVectors(x(), { lengths: Int32Array.of(3, 1) });
    const first = reader.readVectors(tf.slice(x(), [0, 0, 0], [-1, 2, -1]), { lengths: Int32Array.of(2, 1) });
    const { states } = first;
    const second = reader.readVectors(tf.slice(x(), [0, 2, 0]), { lengths: Int32Array.of(1, 0), states });
    const memory = tf.concat([first.memory, second.memory], 1);
    expect(greatestDifference(memory.dataSync(), whole.memory.dataSync())).toBeLessThan(1e-6);
    second.states.forEach((state, n) => {
      expect(greatestDifference(state.dataSync(), whole.states[n].dataSync())).toBeLessThan(1e-6);
    });
  });

  it("reads backwards from each row's own end, and gives 0 past it", () => {
    const reader = createReader({ ...config, bidirectional: true }, new Parameters(2), 'reader', WIDTH);
    const both = reader.readVectors(x(), { lengths: Int32Array.of(3, 2) });
    const alone = reader.readVectors(tf.slice(x(), [1, 0, 0], [1, 2, -1]));
    expect(both.states).toHaveLength(4);
    const row = tf.slice(both.memory, [1, 0, 0], [1, -1, -1]);
    expect(greatestDifference(tf.slice(row, [0, 0, 0], [1, 2, -1]).dataSync(), alone.memory.dataSync())).toBe(0);
    expect([...tf.slice(row, [0, 2, 0]).dataSync()]).toEqual(Array(2 * units).fill(0));
    expect(greatestDifference(both.last.backward!.arraySync()[1], alone.last.backward!.dataSync())).toBe(0);
  });

  it("refuses lengths and states that don't fit", () => {
    const reader = createReader({ ...config, bidirectional: false }, new Parameters(2), 'reader', WIDTH);
    expect(() => reader.readVectors(x(), { lengths: Int32Array.of(4, 1) })).toThrow('a length is 4');
    expect(() => reader.readVectors(x(), { lengths: Int32Array.of(1) })).toThrow(/lengths/);
    expect(() => reader.readVectors(x(), { states: [] })).toThrow('0 states of 2 cells');
  });
});
