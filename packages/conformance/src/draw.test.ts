import { describe, expect, it } from 'vitest';
import { draw } from './draw.js';
import { add, dot, weigh } from './examples.js';
import { Random } from './random.js';

describe('draw', () => {
  it('gives the same numbers for a seed, others for another, and others for each input', () => {
    const example = dot({ bias: { kind: 'dense', shape: [5, 7] } });
    expect(draw(example, 5)).toEqual(draw(example, 5));
    expect(draw(example, 5).inputs['query']).not.toEqual(draw(example, 6).inputs['query']);
    const { key, value } = draw(dot({ valueWidth: 4 }), 5).inputs;
    expect(key!.shape).toEqual(value!.shape);
    expect(key!.values).not.toEqual(value!.values);
  });

  it('numbers of one input do not depend on the others', () => {
    expect(draw(dot({ keys: 9 }), 5).inputs['query']).toEqual(draw(dot(), 5).inputs['query']);
    expect(draw(dot({ mask: { kind: 'dense', shape: [5, 7], attended: 0.5 } }), 5).inputs).toEqual(
      draw(dot(), 5).inputs,
    );
  });

  it('is standard normal', () => {
    const random = new Random(1, 'query');
    const numbers = Array.from({ length: 20_000 }, () => random.normal());
    const mean = numbers.reduce((a, b) => a + b) / numbers.length;
    const variance = numbers.reduce((a, b) => a + b * b, 0) / numbers.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it('puts poison under the mask and nowhere else', () => {
    const instance = draw(
      dot({
        batch: 1,
        heads: 2,
        keyHeads: 1,
        keys: 3,
        width: 1,
        mask: { kind: 'dense', shape: [2, 1, 3], attended: 1, emptyColumns: [1] },
        poison: [
          { input: 'key', value: NaN, at: 'masked' },
          { input: 'value', value: Infinity, at: [0, 0, 2] },
        ],
      }),
      1,
    );
    expect([...instance.inputs['key'].values].map(Number.isNaN)).toEqual([false, true, false]);
    expect([...instance.inputs['value'].values].map((x) => x === Infinity)).toEqual(
      Array.from({ length: 18 }, (_, n) => n >= 12),
    );
  });

  it('joins causal to the mask when it looks for what is masked', () => {
    const example = dot({
      batch: 1,
      heads: 1,
      keyHeads: 1,
      queries: 2,
      keys: 4,
      width: 1,
      causal: { align: 'top-left' },
      poison: [{ input: 'key', value: NaN, at: 'masked' }],
    });
    expect([...draw(example, 1).inputs['key'].values].map(Number.isNaN)).toEqual([false, false, true, true]);
  });

  it('fills empty rows and columns of a bias', () => {
    const { bias } = draw(dot({ bias: { kind: 'dense', shape: [2, 3], emptyRows: [1], emptyColumns: [0] } }), 1);
    expect(bias?.kind === 'dense' && [...bias.values].map((x) => x === -Infinity)).toEqual([
      true,
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('shapes inputs and cotangents as each op has them', () => {
    const shapes = (tensors: object): Record<string, number[]> =>
      Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
    const additive = draw(add({ outputs: ['logSumExp'] }), 1);
    expect(shapes(additive.inputs)).toEqual({ query: [2, 5, 4], key: [2, 7, 4], vector: [4], value: [2, 7, 6] });
    expect(shapes(additive.cotangents)).toEqual({ context: [2, 5, 6], logSumExp: [2, 5] });
    const weighted = draw(weigh({ leading: [2, 1, 3], outputs: ['weights'], lossIn: ['weights'] }), 1);
    expect(shapes(weighted.inputs)).toEqual({ scores: [2, 1, 3, 5, 7], value: [2, 1, 3, 7, 6] });
    expect(weighted.cotangents.context!.values.every((x) => x === 0)).toBe(true);
    expect(weighted.cotangents.weights!.values.some((x) => x !== 0)).toBe(true);
  });
});
