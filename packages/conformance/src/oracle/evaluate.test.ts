import { describe, expect, it } from 'vitest';
import { draw } from '../draw.js';
import type { Instance, Example } from '../example.js';
import { ALL_OUTPUTS, add, dot } from '../examples.js';
import { differences } from '../cases/differences.js';
import { float32, float64 } from './arithmetic.js';
import { centralDifferences } from './differences.js';
import { evaluate, evaluateGradients } from './evaluate.js';

/** The instance with an input's numbers given. */
function having(instance: Instance, inputs: Readonly<Record<string, readonly number[]>>): Instance {
  const given = Object.entries(inputs).map(([name, values]) => [
    name,
    { shape: instance.inputs[name].shape, values: Float32Array.from(values) },
  ]);
  return { ...instance, inputs: { ...instance.inputs, ...Object.fromEntries(given) } };
}

const single = { batch: 1, heads: 1, keyHeads: 1, queries: 1, width: 1, valueWidth: 1, outputs: ALL_OUTPUTS } as const;

describe('the oracle, against numbers worked by hand', () => {
  it('scale → soft cap → bias → mask → softmax', () => {
    const example = dot({ ...single, keys: 3, scale: 0.5, softCap: 2, mask: { kind: 'padding', lengths: [2] } });
    const instance: Instance = {
      ...having(draw(example, 1), { query: [3], key: [2, -1, 5], value: [1, 10, 100] }),
      bias: { kind: 'dense', shape: [1, 3], values: Float32Array.of(0.25, 1.5, 7) },
    };
    const [a, b] = [2 * Math.tanh(3 / 2) + 0.25, 2 * Math.tanh(-1.5 / 2) + 1.5];
    const total = Math.exp(a) + Math.exp(b);
    const values = evaluate(instance, float64);
    expect(values.weights![0]).toBeCloseTo(Math.exp(a) / total, 14);
    expect(values.weights![2]).toBe(0);
    expect(values.logSumExp![0]).toBeCloseTo(Math.log(total), 14);
    expect(values.context![0]).toBeCloseTo((Math.exp(a) + 10 * Math.exp(b)) / total, 13);
  });

  it('the default scale is 1/√D', () => {
    const example = dot({ ...single, keys: 2, width: 4 });
    const instance = having(draw(example, 1), { query: [1, 1, 1, 1], key: [1, 1, 1, 1, 0, 0, 0, 0] });
    expect(evaluate(instance, float64).logSumExp![0]).toBeCloseTo(Math.log(Math.exp(2) + 1), 14);
  });

  it('adjacent query heads share a key head', () => {
    const example = dot({ ...single, heads: 4, keyHeads: 2, keys: 1 });
    const instance = having(draw(example, 1), { value: [5, 7] });
    expect([...evaluate(instance, float64).context!]).toEqual([5, 5, 7, 7]);
  });

  it('additive: vᵀ tanh(q + k)', () => {
    const example = add({ batch: 1, queries: 1, keys: 2, units: 2, valueWidth: 1, outputs: ALL_OUTPUTS });
    const instance = having(draw(example, 1), { query: [0.5, -1], key: [0, 0, 1, 2], vector: [2, -1], value: [1, 3] });
    const scores = [2 * Math.tanh(0.5) - Math.tanh(-1), 2 * Math.tanh(1.5) - Math.tanh(1)];
    const total = Math.exp(scores[0]) + Math.exp(scores[1]);
    const values = evaluate(instance, float64);
    expect(values.context![0]).toBeCloseTo((Math.exp(scores[0]) + 3 * Math.exp(scores[1])) / total, 13);
  });

  it('an empty row has context 0, weights 0, logSumExp −∞ and no gradient, whatever is under the mask', () => {
    const example = dot({
      ...single,
      keys: 2,
      mask: { kind: 'padding', lengths: [0] },
      poison: [
        { input: 'key', value: NaN, at: 'masked' },
        { input: 'value', value: Infinity, at: 'masked' },
      ],
    });
    const instance = draw(example, 1);
    expect(instance.inputs['key'].values).toEqual(Float32Array.of(NaN, NaN));
    const values = evaluate(instance, float64);
    expect([...values.context!, ...values.weights!, ...values.logSumExp!]).toEqual([0, 0, 0, -Infinity]);
    const gradients = evaluateGradients(instance, float64);
    expect(Object.values(gradients).flatMap((gradient) => Array.from(gradient))).toEqual([0, 0, 0, 0, 0]);
  });

  it('a −∞ bias masks, even over a NaN key', () => {
    const instance: Instance = {
      ...having(draw(dot({ ...single, keys: 2 }), 1), { key: [NaN, 1], value: [NaN, 4] }),
      bias: { kind: 'dense', shape: [2], values: Float32Array.of(-Infinity, 0) },
    };
    expect(evaluate(instance, float64).context).toEqual(Float64Array.of(4));
  });

  it("the paper's slopes for 8 and for 3 heads", () => {
    const slopes = (heads: number): number[] => {
      const example = dot({ ...single, heads, keyHeads: heads, keys: 2, scale: 0, bias: { kind: 'alibi', offset: 0 } });
      const { weights } = evaluate(draw(example, 1), float64);
      return Array.from({ length: heads }, (_, h) => Math.log(weights![2 * h] / weights![2 * h + 1]));
    };
    expect(slopes(8).map((slope) => slope.toFixed(10))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => (2 ** -n).toFixed(10)),
    );
    expect(slopes(3).map((slope) => slope.toFixed(10))).toEqual([2 ** -4, 2 ** -8, 2 ** -2].map((x) => x.toFixed(10)));
  });
});

describe('the oracle, against itself', () => {
  const examples = differences.map(({ id, example }): [string, Example] => [id, example]);

  it.each(examples)('%s: gradients equal central differences', (_id, example) => {
    const instance = draw(example, 3);
    const exact = evaluateGradients(instance, float64);
    for (const [name, gradient] of Object.entries(centralDifferences(instance))) {
      gradient.forEach((value, n) => expect(exact[name][n]).toBeCloseTo(value, 7));
    }
  });

  // The weights of hard attention are exact.
  it.each(examples.filter(([id]) => !id.includes('hard')))(
    '%s: naive float32 is close, and not the same',
    (_id, example) => {
      const instance = draw(example, 4);
      const [exact, naive] = [float64, float32].map((round) => evaluate(instance, round).context!);
      expect(naive).not.toEqual(exact);
      naive!.forEach((value, n) => expect(value).toBeCloseTo(exact![n], 4));
    },
  );
});
