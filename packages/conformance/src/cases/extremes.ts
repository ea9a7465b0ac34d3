import { NORMALIZERS } from '@heed/core';
import { agreement, type AgreementCase } from '../case.js';
import { ALL_OUTPUTS, add, dot, weigh } from '../examples.js';
import type { AdditiveExample } from '../ops/additive.js';
import type { DotProductExample } from '../ops/dot-product.js';

/** One query of one number, and keys and values of one number each. */
function dotOf(
  query: number,
  keys: readonly number[],
  values: readonly number[],
  changes: Partial<DotProductExample> = {},
): DotProductExample {
  return dot({
    batch: 1,
    heads: 1,
    keyHeads: 1,
    queries: 1,
    keys: keys.length,
    width: 1,
    valueWidth: 1,
    scale: 1,
    outputs: ALL_OUTPUTS,
    ...changes,
    numbers: { query: [query], key: keys, value: values },
  });
}

function addOf(
  query: readonly number[],
  keys: readonly (readonly number[])[],
  vector: readonly number[],
): AdditiveExample {
  const numbers = { query, key: keys.flat(), vector, value: keys.map((_, j) => j) };
  return add({ batch: 1, queries: 1, keys: keys.length, units: vector.length, valueWidth: 1, numbers });
}

export const extremes: readonly AgreementCase[] = [
  ...hugeTies(),
  ...smallSums(),
  ...wideCaps(),
  ...overflows(),
  ...infiniteScores(),
  ...bytes(),
];

/** Equal scores so large that logSumExp is the highest of them: weights are equal, forward and backward. */
function hugeTies(): AgreementCase[] {
  const biases = [-1e9, -3.4e38, 2 ** 24];
  return [
    ...biases.map((constant) =>
      agreement(
        'extremes',
        `dot/tied-by-bias/${constant}`,
        dotOf(1, [0, 0, 0, 0], [1, 2, 3, 4], { bias: { kind: 'dense', shape: [1, 4], constant } }),
      ),
    ),
    ...[2 ** 20, 2 ** 24, 3e38].map((score) =>
      agreement('extremes', `dot/tied/${score}`, dotOf(score, [1, 1], [1, 2])),
    ),
    agreement(
      'extremes',
      'dot/tied-by-bias/blocks-heads-dropout',
      dot({
        heads: 4,
        keyHeads: 2,
        queries: 41,
        keys: 150,
        magnitude: { query: 0 },
        bias: { kind: 'dense', shape: [41, 150], constant: -1e9 },
        mask: { kind: 'padding', lengths: [150, 131] },
        dropout: { rate: 0.25, seed: 11 },
        outputs: ALL_OUTPUTS,
      }),
    ),
    agreement('extremes', 'additive/tied', addOf([20], [[20], [20], [20]], [2 ** 24])),
    ...[2 ** 24, -1e9].map((score) =>
      agreement(
        'extremes',
        `weighted/tied/${score}`,
        weigh({
          leading: [],
          queries: 1,
          keys: 4,
          numbers: { scores: [score, score, score, score] },
          outputs: ['weights'],
        }),
      ),
    ),
  ];
}

/** tanh(q + k) is as accurate for small sums as for large ones, relative to them. */
function smallSums(): AgreementCase[] {
  const vectorOf = (unit: number): { units: Record<string, number> } => ({ units: { dVector: unit } });
  return [
    ...[1e-5, 1e-7, 1e-12, 1e-30].map((k) =>
      agreement('extremes', `additive/small/${k}`, addOf([0], [[k], [3 * k]], [1]), vectorOf(k / 8)),
    ),
    // What cancels is exact in float32, and so is what it leaves.
    agreement(
      'extremes',
      'additive/small/cancelled',
      addOf([1], [[-1 + 2 ** -20], [-1 + 3 * 2 ** -20]], [1]),
      vectorOf(2 ** -23),
    ),
    agreement(
      'extremes',
      'additive/small/cancelled-large',
      addOf([9], [[-9 + 2 ** -16], [-9 + 3 * 2 ** -16]], [1]),
      vectorOf(2 ** -19),
    ),
    agreement(
      'extremes',
      'additive/small/beside-large-units',
      addOf(
        [0, 3, 0, 0, -2],
        [
          [1e-6, -2, 0, 1e-4, 2],
          [3e-6, 2, 0, 2e-4, 1],
        ],
        [1, 0.5, 1, 1, -1],
      ),
    ),
    agreement(
      'extremes',
      'additive/small/blocks',
      add({ queries: 41, keys: 150, units: 6, magnitude: { query: 1e-6, key: 1e-6 }, outputs: ALL_OUTPUTS }),
      vectorOf(1e-6),
    ),
    // Vectors of length 4, 8 and 32: errors of 64 tangents at a time.
    ...[0.5, 1, 4].map((vector) =>
      agreement(
        'extremes',
        `additive/u64/vector${vector}`,
        add({ queries: 48, keys: 48, units: 64, valueWidth: 64, magnitude: { vector }, outputs: ALL_OUTPUTS }),
      ),
    ),
    agreement('extremes', 'additive/small/large-vector', addOf([0], [[1e-6], [2e-6]], [1e6]), {
      // The gradients in the two sums, of a quarter of v, cancel.
      units: { dQuery: 2 ** 18 },
    }),
    agreement(
      'extremes',
      'additive/small/large-vector-blocks',
      add({
        queries: 41,
        keys: 150,
        units: 6,
        magnitude: { query: 1e-6, key: 1e-6, vector: 1e6 },
        mask: { kind: 'padding', lengths: [150, 131] },
        outputs: ALL_OUTPUTS,
      }),
    ),
  ];
}

/** A cap that no score comes near changes nothing. */
function wideCaps(): AgreementCase[] {
  const caps = [1e3, 1e6, 1e9, 1e16, 1e17, 1e30, 3e38];
  return [
    ...caps.map((softCap) => agreement('extremes', `dot/cap/${softCap}`, dotOf(1, [1, -1], [1, 0], { softCap }))),
    agreement(
      'extremes',
      'dot/cap/small-beside-large',
      dotOf(1, [1e-6, 2e-6, 5, -40, 0], [1e6, 2e6, 3, 4, 5], { softCap: 10 }),
    ),
  ];
}

/** Scores are float32 numbers: +∞ beyond them makes a row NaN, −∞ takes no part. */
function overflows(): AgreementCase[] {
  return [
    agreement('extremes', 'dot/overflow/upwards', dotOf(1e30, [1e30, 1, -1], [1, 2, 3])),
    agreement('extremes', 'dot/overflow/downwards', dotOf(1e30, [-1e30, 1e-30, 2e-30], [1, 2, 3])),
    agreement('extremes', 'dot/overflow/all-downwards', dotOf(1e30, [-1e30, -2e30], [1, 2])),
    agreement(
      'extremes',
      'dot/overflow/under-a-mask',
      dotOf(1e30, [1e-30, 2e-30, 1e30], [1, 2, 3], { mask: { kind: 'padding', lengths: [2] } }),
    ),
    // The product of the vectors is beyond float32 where the score isn't: the query is scaled first.
    agreement('extremes', 'dot/overflow/before-scale', dotOf(3e19, [3e19, 2.9e19], [1, 2], { scale: 2 ** -126 })),
    agreement(
      'extremes',
      'dot/overflow/other-rows',
      dot({ batch: 1, width: 1, poison: [{ input: 'key', value: 3e38, at: [0, 1, 2] }], magnitude: { query: 4 } }),
      { gradients: 'none' },
    ),
    agreement(
      'extremes',
      'additive/overflow',
      addOf(
        [0, 0],
        [
          [9, 9],
          [0, 1],
          [0, -1],
        ],
        [3e38, 3e38],
      ),
    ),
  ];
}

function infiniteScores(): AgreementCase[] {
  return NORMALIZERS.flatMap((normalizer) =>
    Object.entries({
      'plus-infinity': [0, Infinity, 1, -Infinity],
      'two-plus-infinities': [Infinity, 0, Infinity, 1],
      nan: [0, NaN, 1, -Infinity],
    }).map(([name, scores]) =>
      agreement(
        'extremes',
        `weighted/${normalizer}/${name}`,
        weigh({ leading: [], queries: 1, keys: 4, normalizer, numbers: { scores }, outputs: ['weights'] }),
      ),
    ),
  );
}

/** Whatever byte isn't 0 is true. */
function bytes(): AgreementCase[] {
  const mask = { kind: 'dense', shape: [5, 7], attended: 0.6, bytes: [2, 255, 1] } as const;
  return [
    agreement('extremes', 'dot/bytes-of-masks', dot({ mask, outputs: ALL_OUTPUTS })),
    agreement(
      'extremes',
      'dot/bytes-of-joined-masks',
      dot({
        mask: {
          kind: 'both',
          masks: [mask, { ...mask, shape: [2, 1, 1, 7], attended: 0.8 }, { kind: 'causal', offset: 2 }],
        },
        outputs: ALL_OUTPUTS,
      }),
    ),
    agreement('extremes', 'additive/bytes-of-masks', add({ mask, outputs: ALL_OUTPUTS })),
    agreement('extremes', 'weighted/bytes-of-masks', weigh({ mask, outputs: ['weights'] })),
  ];
}
