import * as tf from '@tensorflow/tfjs-core';
import { HeedError, selectBackend, type AttentionBackend } from '@heed/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAttentionOperator } from '../src/attention-operator.js';
import { compareOnnx } from '../src/compare.js';
import type { OnnxCase } from '../src/onnx-case.js';
import { SIGNATURES, type OutputOf } from '../src/signatures.js';
import { loadAnywhere } from '@heed/backends/composed';
import { attentionByFormula, random, zeros } from './onnx-reference.js';

const backends = await loadAnywhere();

type AttentionCase = OnnxCase<'Attention'>;
type Inputs = AttentionCase['inputs'];
const OUTPUTS = SIGNATURES.Attention.outputs;

/** Everything that the operator can be asked, drawn together. */
const cases: fc.Arbitrary<AttentionCase> = fc
  .record({
    seed: fc.nat(1000),
    batch: fc.integer({ min: 1, max: 3 }),
    keyHeads: fc.integer({ min: 1, max: 3 }),
    group: fc.constantFrom(1, 1, 3),
    queries: fc.integer({ min: 1, max: 5 }),
    keys: fc.integer({ min: 1, max: 6 }),
    width: fc.constantFrom(1, 4),
    valueWidth: fc.constantFrom(1, 3, 4),
    rank: fc.constantFrom(3, 4),
    cache: fc.constantFrom('none', 'past', 'nonpad'),
    past: fc.integer({ min: 0, max: 4 }),
    mask: fc.constantFrom('none', 'bool', 'float', '-inf'),
    maskRank: fc.integer({ min: 1, max: 4 }),
    shorter: fc.nat(2),
    ones: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    causal: fc.boolean(),
    softCap: fc.constantFrom(undefined, 0, 0.5, 3),
    scale: fc.constantFrom(undefined, 0.01, 1),
    left: fc.constantFrom(undefined, undefined, -1, 0, 1, 3),
    right: fc.constantFrom(undefined, undefined, -1, 0, 2),
    mode: fc.constantFrom(undefined, 0, 1, 2, 3),
    precision: fc.constantFrom(undefined, 1, 10, 11, 16),
    wanted: fc.subarray([...OUTPUTS], { minLength: 1 }),
  })
  .map((c): AttentionCase => {
    const { batch, keyHeads, queries, keys, width, valueWidth, seed } = c;
    const heads = keyHeads * c.group;
    const shaped = (h: number, t: number, d: number): number[] => (c.rank === 4 ? [batch, h, t, d] : [batch, t, h * d]);
    const past = c.cache === 'past' ? c.past : 0;
    const isWindow = c.left !== undefined || c.right !== undefined;
    const opset = isWindow ? 25 : c.cache === 'nonpad' ? 24 : 23;
    const attributes = {
      ...(c.rank === 3 && { q_num_heads: heads, kv_num_heads: keyHeads }),
      ...(c.causal && { is_causal: 1 }),
      ...(c.softCap !== undefined && { softcap: c.softCap }),
      ...(c.scale !== undefined && { scale: c.scale }),
      ...(c.left !== undefined && { left_window_size: c.left }),
      ...(c.right !== undefined && { right_window_size: c.right }),
      ...(c.mode !== undefined && { qk_matmul_output_mode: c.mode }),
      ...(c.precision !== undefined && { softmax_precision: c.precision }),
    };
    const inputs: { -readonly [name in keyof Inputs]: Inputs[name] } = {
      Q: random('Q', shaped(heads, queries, width), seed),
      K: random('K', shaped(keyHeads, keys, width), seed),
      V: random('V', shaped(keyHeads, keys, valueWidth), seed),
    };
    if (c.mask !== 'none') {
      const known = Math.max(1, keys + past - c.shorter);
      const shape = [...[batch, heads, queries].map((n, axis) => (c.ones[axis] ? 1 : n)), known].slice(4 - c.maskRank);
      const drawn = random('attn_mask', shape, seed);
      inputs.attn_mask = {
        ...drawn,
        dtype: c.mask === 'bool' ? 'bool' : 'float32',
        data: drawn.data.map((x) =>
          c.mask === 'bool' ? (x < 0.6 ? 1 : 0) : c.mask === '-inf' && x < 0.4 ? -Infinity : x,
        ),
      };
    }
    if (c.cache === 'past') {
      inputs.past_key = random('past_key', [batch, keyHeads, past, width], seed);
      inputs.past_value = random('past_value', [batch, keyHeads, past, valueWidth], seed);
    }
    if (c.cache === 'nonpad') {
      const data = Float64Array.from({ length: batch }, (_, b) => (seed + 3 * b) % (keys + 1));
      inputs.nonpad_kv_seqlen = { name: 'nonpad_kv_seqlen', dtype: 'int64', shape: [batch], data };
    }
    const expected = attentionByFormula({ attributes, inputs });
    const outputs = Object.fromEntries(c.wanted.map((name) => [name, expected[name]]));
    return { name: 'drawn', operator: 'Attention', opset, attributes, inputs, outputs };
  });

describe.each(backends)('the Attention operator on $name', (factory) => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(factory);
  });
  afterAll(() => backend.dispose());

  it('is what the formula says, whatever is asked', () => {
    fc.assert(
      fc.property(cases, (test) => {
        const before = tf.memory().numTensors;
        expect(failuresOf(test)).toEqual([]);
        expect(tf.memory().numTensors).toBe(before);
      }),
      { numRuns: 600, seed: 20_261_123 },
    );
  });

  it('tells the path that it took', () => {
    const { outputs, path, reasons } = runAttentionOperator(plain());
    tf.dispose(outputs);
    expect(path).toBe(factory.name === 'composed' ? 'composed' : 'fused');
    expect(reasons).toHaveLength(path === 'composed' ? 1 : 0);
  });
});

function failuresOf(test: AttentionCase): string[] {
  const { outputs } = runAttentionOperator(test);
  try {
    expect(Object.keys(outputs)).toEqual(Object.keys(test.outputs));
    return Object.entries(test.outputs).flatMap(([name, expected]) => {
      const tensor = outputs[name as OutputOf<'Attention'>];
      return compareOnnx(name, { shape: tensor.shape, values: tensor.dataSync() }, expected).failure ?? [];
    });
  } finally {
    tf.dispose(outputs);
  }
}

function plain(changes: { inputs?: Inputs; attributes?: AttentionCase['attributes'] } = {}): AttentionCase {
  const inputs = { Q: random('Q', [1, 2, 3, 4], 1), K: random('K', [1, 2, 5, 4], 1), V: random('V', [1, 2, 5, 4], 1) };
  return {
    name: 'plain',
    operator: 'Attention',
    opset: 24,
    attributes: changes.attributes ?? {},
    inputs: { ...inputs, ...changes.inputs },
    outputs: { Y: zeros([1, 2, 3, 4]) },
  };
}

describe('what cannot be mapped is refused with the reason', () => {
  it.each<[string, Parameters<typeof plain>[0], RegExp]>([
    ['an attribute of a draft of opset 25', { attributes: { local_window_size: 2 } }, /attribute local_window_size is/],
    ['an unknown attribute', { attributes: { dropout: 1 } }, /attribute dropout is not one of is_causal, /],
    ['an unknown mode', { attributes: { qk_matmul_output_mode: 4 } }, /qk_matmul_output_mode 4 is unknown/],
    ['a negative mode', { attributes: { qk_matmul_output_mode: -1 } }, /qk_matmul_output_mode -1 is unknown/],
    ['an integer precision', { attributes: { softmax_precision: 7 } }, /softmax_precision 7/],
    ['no Q', { inputs: { Q: undefined } }, /input Q is missing/],
    ['mixed ranks', { inputs: { K: random('K', [1, 5, 8], 1) } }, /4, 3, 4 axes/],
    ['two axes', { inputs: { Q: zeros([3, 4]), K: zeros([5, 4]), V: zeros([5, 4]) } }, /Q \[3,4\] can't be split/],
    [
      'no count of heads',
      { inputs: { Q: zeros([1, 3, 8]), K: zeros([1, 5, 8]), V: zeros([1, 5, 8]) } },
      /unknown number of heads/,
    ],
    [
      'heads that do not divide',
      {
        inputs: { Q: zeros([1, 3, 8]), K: zeros([1, 5, 8]), V: zeros([1, 5, 8]) },
        attributes: { q_num_heads: 3, kv_num_heads: 2 },
      },
      /Q \[1,3,8\] can't be split into 3 heads/,
    ],
    ['a past key without its value', { inputs: { past_key: zeros([1, 2, 6, 4]) } }, /axis Tk is 11 in key/],
    [
      'a past of other heads',
      { inputs: { past_key: zeros([1, 1, 6, 4]) } },
      /past_key \[1,1,6,4\] can't be put before K/,
    ],
    [
      'a mask of other sizes',
      { inputs: { attn_mask: zeros([4, 5]) } },
      /doesn't broadcast to \[B, H, Tq, Tk\] = \[1,2,3,5\]/,
    ],
    ['a mask longer than the keys', { inputs: { attn_mask: zeros([3, 6]) } }, /doesn't broadcast/],
    ['a scalar mask', { inputs: { attn_mask: zeros([]) } }, /attn_mask is a scalar/],
    [
      'more valid keys than keys',
      { inputs: { nonpad_kv_seqlen: { ...zeros([1]), data: Float64Array.of(6) } } },
      /padding length 6/,
    ],
    [
      'more scores than memory',
      { inputs: { Q: zeros([1, 2, 1e6, 1]), K: zeros([1, 2, 1e4, 1]) } },
      /20000000000 scores/,
    ],
  ])('%s', (_, changes, reason) => {
    const before = tf.memory().numTensors;
    let thrown: unknown;
    try {
      runAttentionOperator(plain(changes));
    } catch (error) {
      thrown = error;
    }
    expect(HeedError.isInstance(thrown)).toBe(true);
    expect((thrown as HeedError).message).toMatch(reason);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the comparison', () => {
  const expected = { name: 'Y', dtype: 'float32', shape: [4], data: Float64Array.of(0, 1000, -Infinity, NaN) } as const;
  const compare = (...values: number[]) => compareOnnx('Y', { shape: [4], values }, expected);

  it('allows 1e-7 + 1e-3·|expected|', () => {
    const { result } = compare(0.5e-7, 1000.99, -Infinity, NaN);
    expect(result).toMatchObject({ passed: true, error: expect.closeTo(0.99), bound: expect.closeTo(1) });
    expect(compare(1.01e-7, 1000, -Infinity, NaN).failure).toMatch(
      /^Y\[0\] is .*, expected 0: off by 1.01e-7, .*1 of 4/,
    );
    expect(compare(0, 1001.01, -Infinity, NaN).failure).toMatch(/^Y\[1\].*off by 1.01, allowed 1.00; 1 of 4/);
  });

  it('matches what is not finite by kind and sign', () => {
    const others = [Infinity, NaN, -3e38];
    for (const value of others)
      expect(compare(0, 1000, value, NaN).result).toMatchObject({ passed: false, error: null });
    expect(compare(0, 1000, -Infinity, Infinity).result).toMatchObject({ passed: false, error: null });
    expect(compare(0, Infinity, -Infinity, NaN).failure).toMatch(/Y\[1\] is Infinity, expected 1000/);
  });

  it('looks at shapes, not only at numbers', () => {
    const { result, failure } = compareOnnx('Y', { shape: [2, 2], values: [0, 1000, -Infinity, NaN] }, expected);
    expect(failure).toBe('Y has shape [2,2], expected [4]');
    expect(result).toBeUndefined();
  });

  it('rounds to half precision, unless the unrounded number is nearer', () => {
    const half = { name: 'Y', dtype: 'float16', shape: [1], data: Float64Array.of(70_000) } as const;
    const infinite = { ...half, data: Float64Array.of(Infinity) };
    expect(compareOnnx('Y', { shape: [1], values: [70_000] }, infinite).failure).toBeUndefined();
    // 0.478 lies between the halves 0.47802734375 and 0.4775390625; two spacings are more than the bound.
    const near = { ...half, data: Float64Array.of(0.4775390625) };
    expect(compareOnnx('Y', { shape: [1], values: [0.4779] }, near).failure).toBeUndefined();
    expect(compareOnnx('Y', { shape: [1], values: [0.47805] }, near).failure).toMatch(/off by 0.000/);
  });

  it('allows bfloat16 two of its spacings', () => {
    const third = { name: 'Y', dtype: 'bfloat16', shape: [1], data: Float64Array.of(100) } as const;
    expect(compareOnnx('Y', { shape: [1], values: [101.5] }, third).failure).toBeUndefined();
    expect(compareOnnx('Y', { shape: [1], values: [102] }, third).failure).toMatch(/off by 2\.00, allowed 1\.56/);
  });

  it('measures in spacings of the format', () => {
    const half = { name: 'Y', dtype: 'float16', shape: [1], data: Float64Array.of(4) } as const;
    expect(compareOnnx('Y', { shape: [1], values: [4 + 2 ** -8] }, half).result).toMatchObject({ ulps: 1 });
  });
});
