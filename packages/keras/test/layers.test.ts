import { bindMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { attention, bahdanauAttention, mechanismLayer, multiHeadAttention } from '../src/index.js';
import { BACKENDS, random, useBackend, valuesOf } from './backends.js';

const MASK = [
  [true, true, false, true, false],
  [false, false, false, false, false],
];

/** What the layer of the book computes, step by step, with a real mask and a softmax over time. */
function byTheBook(weights: tf.Tensor[], query: tf.Tensor, values: tf.Tensor, mask?: tf.Tensor): tf.Tensor[] {
  const [w1, b1, w2, b2, v, bv] = weights;
  const apply = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
    const rows = tf.matMul(tf.reshape(x, [-1, x.shape.at(-1)!]), kernel as tf.Tensor2D);
    return tf.add(tf.reshape(rows, [...x.shape.slice(0, -1), kernel.shape[1]!]), bias);
  };
  const sum = tf.add(apply(tf.expandDims(query, 1), w1, b1), apply(values, w2, b2));
  const score = apply(tf.tanh(sum), v, bv); // [B, T, 1]
  const off = mask === undefined ? 0 : tf.mul(tf.sub(1, tf.cast(tf.expandDims(mask, -1), 'float32')), -1e9);
  const scores = tf.add(score, off);
  const alphas = tf.transpose(tf.softmax(tf.transpose(scores, [0, 2, 1])), [0, 2, 1]);
  return [tf.sum(tf.mul(alphas, values), 1), alphas];
}

async function expectClose(actual: tf.Tensor, expected: tf.Tensor): Promise<void> {
  expect(actual.shape).toEqual(expected.shape);
  const [got, wanted] = [await valuesOf(actual), await valuesOf(expected)];
  for (const [n, value] of got.entries()) expect(Math.abs(value - wanted[n])).toBeLessThan(1e-5);
}

describe.each(BACKENDS.map((factory) => [factory.name, factory] as const))('on %s', (_, factory) => {
  useBackend(factory);

  it.each([
    ['without a mask', undefined],
    ['with a mask, and a text of padding alone', MASK],
  ])('bahdanauAttention is the layer of the book %s, gradients included', async (_name, rows) => {
    const layer = bahdanauAttention({ units: 4 });
    const [query, values] = [random([2, 3], 1), random([2, 5, 6], 2)];
    const valuesMask = rows && tf.tensor2d(rows, undefined, 'bool');
    layer.apply([query, values]);
    layer.setWeights(layer.weights.map(({ shape }, n) => random(shape as number[], 10 + n)));
    expect(layer.weights.map(({ originalName }) => originalName.replace(`${layer.name}/`, ''))).toEqual(
      ['W1', 'W2', 'V'].flatMap((part) => [`${part}/kernel`, `${part}/bias`]),
    );
    const weights = layer.getWeights();
    const ours = (q: tf.Tensor, x: tf.Tensor): tf.Tensor[] => layer.apply([q, x], { valuesMask }) as tf.Tensor[];
    const theirs = (q: tf.Tensor, x: tf.Tensor): tf.Tensor[] => byTheBook(weights, q, x, valuesMask);
    const [a, b] = [ours(query, values), theirs(query, values)];
    for (const n of [0, 1]) await expectClose(a[n], b[n]);
    const loss = (run: typeof ours) => (q: tf.Tensor, x: tf.Tensor) => {
      const [context, alphas] = run(q, x);
      return tf.add(
        tf.sum(tf.mul(context, random([2, 6], 5))),
        tf.sum(tf.mul(alphas, random([2, 5, 1], 6))),
      ) as tf.Scalar;
    };
    const [c, d] = [ours, theirs].map((run) => tf.grads(loss(run))([query, values]));
    for (const n of [0, 1]) await expectClose(c[n], d[n]);
  });

  it('mechanismLayer computes what its mechanism computes, and masks by the memory', async () => {
    const mechanism = { kind: 'multiHead', queryWidth: 6, memoryWidth: 6, heads: 2, seed: 5 };
    const layer = mechanismLayer({ mechanism });
    const x = random([2, 5, 6], 3) as tf.Tensor3D;
    const mask = tf.tensor2d(MASK, undefined, 'bool');
    const context = layer.apply([x, x], { memoryMask: mask }) as tf.Tensor;
    const keys = layer.weights.map(({ originalName }) => originalName.split('/').at(-1)!);
    const bound = bindMechanism(
      mechanism,
      Object.fromEntries(layer.getWeights().map((weight, n) => [keys[n], weight])),
    );
    expect(await valuesOf(context)).toEqual(await valuesOf(bound.attend(x, bound.prepare(x, { mask })).context));
  });

  it('dropout acts in training alone, another one each time, and the same again of one seed', async () => {
    const x = random([1, 6, 4], 7);
    const layer = (seed: number) => attention({ dropout: 0.5, seed });
    const [one, other] = [layer(3), layer(3)];
    const call = (which: typeof one, training: boolean) => valuesOf(which.apply([x, x], { training }) as tf.Tensor);
    expect(await call(one, false)).toEqual(await call(attention(), true));
    const [first, second] = [await call(one, true), await call(one, true)];
    expect(second).not.toEqual(first);
    expect(await call(other, true)).toEqual(first);
    expect(await call(layer(4), true)).not.toEqual(first);
    const [context, scores] = layer(3).apply([x, x], { training: true, returnAttentionScores: true }) as tf.Tensor[];
    await expectClose(tf.matMul(scores, x), context); // scores are those after dropout
    const heads = multiHeadAttention({ numHeads: 1, keyDim: 4, dropout: 0.9, seed: 1 });
    const [, before] = heads.apply([x, x], { training: true, returnAttentionScores: true }) as tf.Tensor[];
    await expectClose(tf.sum(before, -1), tf.ones([1, 1, 6])); // and here those before it
  });
});
