import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wasm } from './wasm.js';

let backend: AttentionBackend;

beforeAll(async () => {
  backend = await selectBackend(wasm());
});
afterAll(() => backend.dispose());

const LENGTHS: Readonly<Record<string, number>> = { a: 1, b: 2, i: 3, j: 4, k: 5, h: 6 };

/** By its definition, letter by letter, in float64. */
function expected(equation: string, operands: readonly tf.Tensor[]): Float64Array {
  const [left, output] = equation.split('->') as [string, string];
  const terms = left.split(',');
  const letters = [...new Set(left.replaceAll(',', ''))];
  const at = (term: string, values: readonly number[]): number =>
    [...term].reduce((index, letter) => index * LENGTHS[letter] + values[letters.indexOf(letter)], 0);
  const size = [...output].reduce((product, letter) => product * LENGTHS[letter], 1);
  const sums = new Float64Array(size);
  const numbers = operands.map((operand) => operand.dataSync());
  const visit = (values: readonly number[]): void => {
    if (values.length === letters.length) {
      sums[at(output, values)] += terms.reduce((product, term, n) => product * numbers[n][at(term, values)], 1);
      return;
    }
    for (let n = 0; n < LENGTHS[letters[values.length]]; n++) visit([...values, n]);
  };
  visit([]);
  return sums;
}

const operandsOf = (equation: string): tf.Tensor[] =>
  equation
    .split('->')[0]
    .split(',')
    .map((term, n) =>
      tf.randomUniform(
        [...term].map((letter) => LENGTHS[letter]),
        -1,
        1,
        'float32',
        7 + n,
      ),
    );

const EQUATIONS = [
  'ij,jk->ik',
  'ij,kj->ki',
  'bij,bjk->bik',
  'bhik,bhjk->bhij',
  'bihk,bjhk->bhij',
  'bhij,bjhk->bihk',
  'bij,k->kjbi',
  'ij,ij->',
  'ij,ij->j',
  'ijk,j->k',
  'ij->ji',
  'ij->ij',
  'ijk->j',
  'ij->',
  'i,j->ij',
  'ija,ajk->aik',
];

describe('einsum', () => {
  test.each(EQUATIONS)('%s and its gradient', (equation) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const operands = operandsOf(equation);
      const output = tf.einsum(equation, ...operands);
      expect(output.shape).toEqual([...equation.split('->')[1]].map((letter) => LENGTHS[letter]));
      close(output.dataSync(), expected(equation, operands));

      // The derivative along a direction: einsum is linear in each operand.
      const weight = tf.randomUniform(output.shape, -1, 1, 'float32', 3);
      const loss = (...xs: tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(tf.einsum(equation, ...xs), weight));
      const gradients = tf.grads(loss)(operands);
      for (const [n, gradient] of gradients.entries()) {
        expect(gradient.shape).toEqual(operands[n].shape);
        const direction = tf.randomUniform(gradient.shape, -1, 1, 'float32', 5);
        const moved = operands.map((operand, m) => (m === n ? direction : operand));
        close(tf.sum(tf.mul(gradient, direction)).dataSync(), loss(...moved).dataSync());
      }
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('of nothing is zeros, and other dtypes are refused', () => {
    tf.tidy(() => {
      expect(tf.einsum('ij,jk->ik', tf.zeros([2, 0]), tf.zeros([0, 3])).dataSync()).toEqual(new Float32Array(6));
      const x = tf.ones([2, 2], 'int32');
      expect(() => tf.einsum('ij,jk->ik', x, x)).toThrow(expect.objectContaining({ code: 'DTYPE_UNSUPPORTED' }));
    });
  });
});

function close(found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(found.length).toBe(wanted.length);
  for (let n = 0; n < wanted.length; n++) expect(Math.abs(found[n] - wanted[n])).toBeLessThan(2e-5);
}
