import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readJson } from '../../files/read-json.js';
import { findOperation } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const find =
  (name: string) =>
  (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>> = {}): tf.Tensor =>
    findOperation(name)!([...args], { ...kwargs }) as tf.Tensor;

const TABLE = [
  [1, 2, 3],
  [4, 5, 6],
];

describe('ops as NumPy has them, and Keras after it', () => {
  it.each([
    [[0, -1], {}, [1, 6]],
    [[-1, 0], { axis: 1 }, TABLE.map((row) => [row[2], row[0]])],
    [[-1], { axis: -2 }, [[4, 5, 6]]],
  ])('Take of %j with %j', (indices, kwargs, wanted) => {
    expect(find('Take')([tf.tensor2d(TABLE), tf.tensor1d(indices, 'int32')], kwargs).arraySync()).toEqual(wanted);
  });

  it('tf.gather of Keras 2 takes rows', () => {
    expect(find('gather')([tf.tensor2d(TABLE), tf.tensor1d([1], 'int32')]).arraySync()).toEqual([[4, 5, 6]]);
  });

  it('Cumsum without an axis goes through all numbers', () => {
    expect(find('Cumsum')([tf.tensor2d(TABLE)]).arraySync()).toEqual([1, 3, 6, 10, 15, 21]);
    expect(find('Cumsum')([tf.tensor2d(TABLE)], { axis: -1 }).arraySync()).toEqual([
      [1, 3, 6],
      [4, 9, 15],
    ]);
  });

  it('FloorDivide of floats is float32, and its gradient is 0', () => {
    const divided = (x: tf.Tensor): tf.Tensor => find('FloorDivide')([x, tf.tensor1d([2, 2, 0.5])]);
    const x = tf.tensor1d([7.5, -7.5, 1.2]);
    expect(divided(x).dtype).toBe('float32');
    expect(divided(x).arraySync()).toEqual([3, -4, 2]);
    expect(
      tf
        .grad((x) => tf.sum(divided(x)))(x)
        .arraySync(),
    ).toEqual([0, 0, 0]);
    const whole = find('FloorDivide')([tf.tensor1d([7, -7], 'int32'), tf.tensor1d([2, 2], 'int32')]);
    expect([whole.dtype, whole.arraySync()]).toEqual(['int32', [3, -4]]);
  });
});

it('files of Python have infinities; a text that says so is one', () => {
  expect(readJson('a file', String.raw`{"max": Infinity, "min": [-Infinity], "Infinity": "a \"-Infinity"}`)).toEqual({
    max: Infinity,
    min: [-Infinity],
    Infinity: 'a "-Infinity',
  });
});

describe('what Keras on torch has no numbers of', () => {
  it('Cross of vectors along an axis', () => {
    const [a, b] = [tf.tensor2d([[1, 2, 3]]), tf.tensor2d([[-1, 0.5, 2]])];
    expect(find('Cross')([a, b]).arraySync()).toEqual([[2.5, -5, 2.5]]);
    const columns = find('Cross')([tf.transpose(a), tf.transpose(b)], { axis: 0 });
    expect(columns.arraySync()).toEqual([[2.5], [-5], [2.5]]);
  });

  it('Pad by one number, and with mirror images whose ends stand twice', () => {
    expect(find('Pad')([tf.tensor2d([[7]]), 1]).arraySync()).toEqual([
      [0, 0, 0],
      [0, 7, 0],
      [0, 0, 0],
    ]);
    const padded = (x: tf.Tensor): tf.Tensor => find('Pad')([x, [[2, 3]]], { mode: 'symmetric' });
    expect(padded(tf.tensor1d([1, 2, 3])).arraySync()).toEqual([2, 1, 1, 2, 3, 3, 2, 1]);
    expect(
      tf
        .grad((x) => tf.sum(padded(x)))(tf.tensor1d([1, 2, 3]))
        .arraySync(),
    ).toEqual([3, 3, 2]);
  });

  it('Linspace along the last axis, CountNonzero of several axes, Ldexp', () => {
    const ends = [tf.tensor1d([0, 10]), tf.tensor1d([4, 18])];
    expect(find('Linspace')(ends, { num: 3, axis: -1 }).arraySync()).toEqual([
      [0, 2, 4],
      [10, 14, 18],
    ]);
    const count = find('CountNonzero')(
      [
        tf.tensor2d([
          [0, 1],
          [2, 0],
        ]),
      ],
      { axis: [0, 1] },
    );
    expect([count.dtype, count.arraySync()]).toEqual(['int32', 2]);
    expect(find('Ldexp')([tf.tensor1d([3, 5]), tf.tensor1d([2, -1], 'int32')]).arraySync()).toEqual([12, 2.5]);
  });

  it.each([
    ['Quantile', [tf.zeros([3]), 0.5], { method: 'nearest' }],
    ['Pad', [tf.zeros([3]), 1], { mode: 'wrap' }],
    ['Norm', [tf.zeros([2, 2])], { ord: 'nuc' }],
    ['ScatterUpdate', [tf.zeros([3]), [[0]], [1]], { reduction: 'max' }],
    ['Einsum', [tf.zeros([2, 2])], { subscripts: 'ii->i' }],
    ['MaxPool', [tf.zeros([2, 3, 3, 1]), 2], { padding: 'around' }],
  ] as const)('%s refuses what it does not do', (name, args, kwargs) => {
    expect(() => find(name)(args, kwargs)).toThrow(/isn.t supported|is to be/);
  });
});
