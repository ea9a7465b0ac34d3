import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, gradients, useComposedCpu, values } from '../../test/cpu-engine.js';
import {
  alibi,
  alibiSlopes,
  causal,
  dotProductAttention,
  maskHook,
  padding,
  relativePosition,
  scoreHook,
  weightHook,
  type DotProductAttentionOptions,
} from '../index.js';

useComposedCpu();

const [B, H, T, D] = [2, 4, 5, 3];
const query = tf.randomNormal([B, H, T, D], 0, 1, 'float32', 1) as Tensor4D;
const key = tf.randomNormal([B, H, T, D], 0, 1, 'float32', 2) as Tensor4D;
const value = tf.randomNormal([B, H, T, D], 0, 1, 'float32', 3) as Tensor4D;

const cotangent = tf.randomNormal([B, H, T, D], 0, 1, 'float32', 6);

const contextWith = (options: DotProductAttentionOptions): Tensor =>
  dotProductAttention(query, key, value, options).context;

/** Context and gradients in query, key and value. */
const allOf = (options: DotProductAttentionOptions): number[][] => [
  values(contextWith(options)),
  ...gradients(() => contextWith(options), [query, key, value], cotangent).map(values),
];

const close = (found: number[][], expected: number[][]): void => {
  for (const [n, numbers] of found.entries())
    for (const [i, x] of numbers.entries()) expect(x).toBeCloseTo(expected[n][i], 5);
};

describe('a hook that says what a built-in does', () => {
  const slopes = tf.tensor1d(alibiSlopes(H));

  it('ALiBi', () => {
    const hook = scoreHook(
      ({ score, query, key, head }, { slopes }) => score.sub(query.sub(key).abs().mul(slopes.at(head))),
      { slopes },
    );
    close(allOf({ scoreHook: hook }), allOf({ bias: alibi() }));
  });

  it('a causal mask, and padding', () => {
    const lengths = tf.tensor1d([3, 5], 'int32');
    const hook = maskHook(({ query, key, batch }, { lengths }) => query.ge(key).and(key.lt(lengths.at(batch))), {
      lengths,
    });
    close(allOf({ maskHook: hook }), allOf({ causal: true, mask: padding([3, 5]) }));
  });

  it('a soft cap, and a relative position bias with its gradient', () => {
    close(allOf({ scoreHook: scoreHook(({ score }) => score.div(1.5).tanh().mul(1.5)) }), allOf({ softCap: 1.5 }));
    const table = tf.randomNormal([H, 2 * T - 1], 0, 1, 'float32', 4) as tf.Tensor2D;
    const hooked = (own: Tensor): Tensor =>
      contextWith({
        scoreHook: scoreHook(
          ({ score, query, key, head, Tk }, { own }) => score.add(own.at(head, key.sub(query).add(Tk).sub(1))),
          { own },
        ),
      });
    const builtIn = (own: Tensor): Tensor => contextWith({ bias: relativePosition(own) });
    const [a, b] = [hooked, builtIn].map((f) => gradients(() => f(table), [table], cotangent).map(values));
    close(a, b);
  });
});

describe('what a hook changes', () => {
  it('weights after the normaliser, before dropout, and never where masked', () => {
    const hook = weightHook(({ weight, key }) => weight.mul(2).add(key));
    const { weights } = dotProductAttention(query, key, value, { weightHook: hook, causal: true, returnWeights: true });
    const plain = dotProductAttention(query, key, value, { causal: true, returnWeights: true }).weights;
    const expected = values(plain).map((w, n) => (w === 0 ? 0 : 2 * w + (n % T)));
    close([values(weights)], [expected]);
  });

  it('−∞ masks, as in a bias', () => {
    const hook = scoreHook(({ score, query, key }) => query.ge(key).select(score, -Infinity));
    close(allOf({ scoreHook: hook }), allOf({ causal: true }));
    const none = scoreHook(({ score, query }) => query.eq(2).select(-Infinity, score));
    const context = values(contextWith({ scoreHook: none }));
    expect(context.slice(2 * D, 3 * D)).toEqual([0, 0, 0]);
    expect(context.every(Number.isFinite)).toBe(true);
  });

  it('a score by waves of angles near and far', () => {
    const angles = [0, -1.57, Math.PI, -9.42, 700.5, -25_000];
    const f = scoreHook(({ score, key }, { own }) => score.mul(0).add(own.at(key).sin().add(own.at(key).cos())), {
      own: tf.tensor1d(angles),
    });
    const [one, six] = [tf.ones([1, 1, 1, 1]), tf.ones([1, 1, angles.length, 1])] as Tensor4D[];
    const weights = values(dotProductAttention(one, six, six, { scoreHook: f, returnWeights: true }).weights);
    const waves = angles.map((angle) => Math.exp(Math.sin(Math.fround(angle)) + Math.cos(Math.fround(angle))));
    const sum = waves.reduce((a, b) => a + b);
    for (const [n, weight] of weights.entries()) expect(weight).toBeCloseTo(waves[n] / sum, 6);
  });

  it('nothing by what it reads where masked', () => {
    const table = tf.tensor1d([1, 2, NaN, NaN, NaN]);
    const hook = scoreHook(({ score, key }, { table }) => score.add(table.at(key)), { table });
    const options = { scoreHook: hook, mask: padding([2, 2]) };
    expect(allOf(options).flat().every(Number.isFinite)).toBe(true);
    const [inTable] = gradients(() => contextWith(options), [table], cotangent).map(values);
    expect(inTable.slice(2)).toEqual([0, 0, 0]);
    expect(inTable[0]).not.toBe(0);
  });

  it('NaN is what there is outside of a tensor', () => {
    const table = tf.tensor1d([1, 2]);
    const hook = scoreHook(({ score, key }, { table }) => score.add(table.at(key)), { table });
    expect(values(contextWith({ scoreHook: hook })).every(Number.isNaN)).toBe(true);
  });

  it('with dropout, the same weights as without a hook', () => {
    const dropout = { rate: 0.4, seed: 5 };
    close(allOf({ scoreHook: scoreHook(({ score }) => score.mul(1)), dropout }), allOf({ dropout }));
    close(allOf({ maskHook: maskHook(({ query, key }) => key.le(query)), dropout }), allOf({ causal: true, dropout }));
    expect(allOf({ causal: true, dropout })).not.toEqual(allOf({ causal: true }));
  });
});

describe('gradients', () => {
  it.each([
    ['a gain of each head', ({ score, head }, { own }) => score.mul(own.at(head))],
    ['tanh', ({ score, head }, { own }) => score.add(score.mul(own.at(head)).tanh())],
    [
      'exp and distance',
      ({ score, query, key, head }, { own }) => score.mul(query.sub(key).abs().mul(own.at(head)).neg().exp()),
    ],
    [
      'division, sigmoid and sqrt',
      ({ score, head }, { own }) => score.sigmoid().div(own.at(head).mul(own.at(head)).add(1).sqrt()),
    ],
    [
      'log and pow',
      ({ score, head }, { own }) => score.mul(score).add(1).log().mul(own.at(head).abs().add(0.5).pow(1.7)),
    ],
    [
      'sin and cos',
      ({ score, head, key }, { own }) =>
        score
          .mul(own.at(head))
          .sin()
          .add(key.mul(own.at(0)).cos()),
    ],
    ['min and max', ({ score, head }, { own }) => score.max(own.at(head)).add(score.min(0.2).mul(own.at(0)))],
    ['select', ({ score, head }, { own }) => score.gt(0).select(score.mul(own.at(head)), score.neg().sqrt())],
  ] satisfies [string, Parameters<typeof scoreHook<{ own: Tensor }>>[0]][])('%s: as central differences', (_, f) => {
    const own = tf.tensor1d([0.3, -0.4, 0.8, 1.2]);
    const context = (q: Tensor, captured: Tensor): Tensor =>
      dotProductAttention(q, key, value, { scoreHook: scoreHook(f, { own: captured }) }).context;
    const loss = (q: Tensor, captured: Tensor): Tensor => tf.sum(tf.mul(cotangent, context(q, captured)));
    const [dQuery, dOwn] = gradients(() => context(query, own), [query, own], cotangent).map(values);
    const step = 2 ** -9;
    const differences = (tensor: Tensor, of: (moved: Tensor) => Tensor): number[] =>
      values(tensor).map((_, n) => {
        const moved = [1, -1].map((sign) => {
          const numbers = values(tensor);
          numbers[n] += sign * step;
          return of(tf.tensor(numbers, tensor.shape)).dataSync()[0];
        });
        return (moved[0] - moved[1]) / (2 * step);
      });
    const near = (found: number[], expected: number[]): void => {
      const scale = Math.max(...expected.map(Math.abs));
      for (const [n, x] of found.entries()) expect(Math.abs(x - expected[n])).toBeLessThan(0.01 * scale);
    };
    near(
      dOwn,
      differences(own, (o) => loss(query, o)),
    );
    near(dQuery.slice(0, 12), differences(query, (q) => loss(q, own)).slice(0, 12));
  });

  it('through weights', () => {
    const power = tf.tensor1d([1.3]);
    const hook = (own: Tensor) => weightHook(({ weight }, { own }) => weight.pow(own.at(0)), { own });
    const own = hook(power);
    const [dQuery, dOwn] = gradients(() => contextWith({ weightHook: own }), [query, power], cotangent).map(values);
    const step = 2 ** -6;
    const by = (delta: number): number =>
      tf.sum(tf.mul(cotangent, contextWith({ weightHook: hook(tf.tensor1d([1.3 + delta])) }))).dataSync()[0];
    expect(dOwn[0]).toBeCloseTo((by(step) - by(-step)) / (2 * step), 2);
    expect(dQuery.every(Number.isFinite)).toBe(true);
  });
});

describe('what isn’t a hook', () => {
  const table = tf.tensor2d([[1, 2]]);
  it.each([
    ['no function', () => scoreHook(3 as never)],
    ['an operator of JavaScript', () => scoreHook(({ score }) => (score as unknown as number) * 2)],
    ['nothing returned', () => scoreHook(() => undefined as never)],
    ['a truth value for a score', () => scoreHook(({ query, key }) => query.ge(key) as never)],
    ['a number for a mask', () => maskHook(({ query, key }) => query.sub(key) as never)],
    ['too few indices', () => scoreHook(({ score, key }, { table }) => score.add(table.at(key)), { table })],
    ['no tensor', () => scoreHook(({ score }) => score, { table: [1, 2] as never })],
    ['one of another kind', () => contextWith({ scoreHook: maskHook(({ query, key }) => query.ge(key)) as never })],
    ['something else', () => contextWith({ maskHook: causal() as never })],
    [
      'a symbol of another hook',
      () => {
        let stolen: unknown;
        scoreHook(({ score }) => (stolen = score) as typeof score);
        scoreHook(({ score }) => score.add(stolen as typeof score));
      },
    ],
  ])('%s', (_, make) => {
    expect(expectError('INVALID_ARGUMENT', make).hint).not.toBe('');
  });

  it('a tensor that is gone, or of strings', () => {
    const gone = tf.tensor1d([1]);
    const hook = scoreHook(({ score }, { gone }) => score.mul(gone.at(0)), { gone });
    gone.dispose();
    expectError('DISPOSED', () => contextWith({ scoreHook: hook }));
    const words = tf.tensor1d(['a']);
    expectError('DTYPE_UNSUPPORTED', () => scoreHook(({ score }, { words }) => score.mul(words.at(0)), { words }));
  });
});

it('leaves nothing behind', () => {
  const own = tf.tensor1d([1, 2, 3, 4]);
  const hook = scoreHook(({ score, head }, { own }) => score.mul(own.at(head)), { own });
  const before = tf.memory().numTensors;
  contextWith({ scoreHook: hook }).dispose();
  tf.dispose(gradients(() => contextWith({ scoreHook: hook }), [own], cotangent));
  expect(tf.memory().numTensors).toBe(before);
});
