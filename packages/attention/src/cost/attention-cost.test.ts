import * as tf from '@tensorflow/tfjs-core';
import { dotProductAttention } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, numbers, useBackend } from '../../test/engine.js';
import { costOfAttention, type AttentionProblem } from './attention-cost.js';

useBackend(BACKENDS[0]);

interface Products {
  multiplyAdds: number;
  bytes: number;
}

/** What TensorFlow.js says of the products that it made. */
async function productsOf(run: () => void): Promise<Products> {
  const { kernels } = await tf.profile(() => {
    run();
    return tf.scalar(0);
  });
  const size = (shape: readonly number[]): number => shape.reduce((all, length) => all * length, 1);
  const found = { multiplyAdds: 0, bytes: 0 };
  for (const { name, inputShapes, outputShapes } of kernels) {
    if (name !== 'BatchMatMul' && name !== '_FusedMatMul') continue;
    const [a, b] = inputShapes as number[][];
    const output = outputShapes[0] as number[];
    // a is [B, M, K] or [B, K, M], and the output [B, M, N].
    const k = size(a!) / size(output.slice(0, -1));
    found.multiplyAdds += size(output) * k;
    found.bytes += 4 * (size(a!) + size(b!) + size(output));
  }
  return found;
}

describe('costOfAttention', () => {
  it('counts what core composes of products', async () => {
    const shape = { batch: 2, heads: 4, keyHeads: 2, queries: 3, keys: 5, width: 6, valueWidth: 7 };
    const q = tf.tensor(numbers(2 * 4 * 3 * 6), [2, 4, 3, 6]);
    const k = tf.tensor(numbers(2 * 2 * 5 * 6), [2, 2, 5, 6]);
    const v = tf.tensor(numbers(2 * 2 * 5 * 7), [2, 2, 5, 7]);
    const cost = costOfAttention({ op: 'dotProductAttention', ...shape });
    const forward = await productsOf(() => dotProductAttention(q, k, v).context.dispose());
    expect(cost.forward.multiplyAdds).toBe(forward.multiplyAdds);
    const training = await productsOf(() =>
      tf.dispose(tf.grads((a, b, c) => tf.sum(dotProductAttention(a!, b!, c!).context))([q, k, v])),
    );
    expect(cost.training.multiplyAdds).toBe(training.multiplyAdds);
    tf.dispose([q, k, v]);
  });

  it('by hand', () => {
    const dot = costOfAttention({ op: 'dotProductAttention', batch: 1, heads: 1, queries: 2, keys: 3, width: 4 });
    expect(dot.forward).toEqual({ multiplyAdds: 48, flops: 96, functions: 6, bytes: 4 * (8 + 12 + 12 + 8) });
    expect(dot.training.multiplyAdds).toBe(48 + 6 * 20);
    expect(dot.composedBytes).toBe(48);
    const additive = costOfAttention({
      op: 'additiveAttention',
      batch: 1,
      queries: 2,
      keys: 3,
      units: 4,
      valueWidth: 5,
    });
    expect(additive.forward).toEqual({
      multiplyAdds: 54,
      flops: 108,
      functions: 30,
      bytes: 4 * (8 + 12 + 15 + 4 + 10),
    });
    expect(additive.training.multiplyAdds).toBe(54 + 6 * 26);
    expect(additive.composedBytes).toBe(4 * 6 * 6);
  });

  it.each([
    { op: 'dotProductAttention', batch: 1, heads: 3, keyHeads: 2, queries: 1, keys: 1, width: 1 },
    { op: 'dotProductAttention', batch: 1.5, heads: 1, queries: 1, keys: 1, width: 1 },
    { op: 'additiveAttention', batch: 1, queries: -1, keys: 1, units: 1, valueWidth: 1 },
  ] as AttentionProblem[])('refuses %j', (wrong) => {
    expect(() => costOfAttention(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

const sizes = { batch: 1, heads: 4, queries: 2, keys: 3, width: 8 };

it.each([
  [{ op: 'dotProductAttention', ...sizes, keys: undefined }, 'keys is undefined'],
  [{ op: 'dotProductAttention', ...sizes, width: 2.5 }, 'width is 2.5'],
  [{ op: 'dotProductAttention', ...sizes, keyHeads: 3 }, 'share'],
  [{ op: 'dotProductAttention', ...sizes, keyHeads: 0 }, 'share'],
  [{ op: 'additiveAttention', batch: 1, queries: 2, keys: 3, units: 4 }, 'valueWidth is undefined'],
  [{ op: 'attention', ...sizes }, "no op 'attention'"],
])('costOfAttention refuses %o', (problem, message) => {
  const call = (): unknown => costOfAttention(problem as AttentionProblem);
  expect(call).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(call).toThrow(message);
});
