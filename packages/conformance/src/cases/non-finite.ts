import { NORMALIZERS } from '@heed/core';
import { agreement, type AgreementCase } from '../case.js';
import type { MaskSpec, Poison } from '../example.js';
import { ALL_OUTPUTS, add, dot, weigh } from '../examples.js';

const VALUES = { nan: NaN, 'plus-infinity': Infinity, 'minus-infinity': -Infinity } as const;

/** Masks for B 2, Tq 5, Tk 7 under which whole keys, or whole queries, take no part. */
const MASKS: Readonly<Record<string, MaskSpec>> = {
  padding: { kind: 'padding', lengths: [4, 0] },
  causal: { kind: 'causal', offset: [-2, 1] },
  window: { kind: 'slidingWindow', left: 1, right: 1, align: 'top-left' },
  segments: {
    kind: 'segments',
    query: [
      [0, 0, 1, 1, 7],
      [2, 2, 2, 2, 2],
    ],
    key: [
      [0, 0, 0, 1, 5, 5, 5],
      [2, 5, 2, 5, 2, 5, 2],
    ],
  },
  dense: { kind: 'dense', shape: [2, 1, 5, 7], attended: 0.8, emptyRows: [2], emptyColumns: [0, 3] },
};

const under = (value: number, ...inputs: string[]): Poison[] =>
  inputs.map((input) => ({ input, value, at: 'masked' as const }));

export const nonFinite: readonly AgreementCase[] = [
  ...Object.entries(VALUES).flatMap(([name, value]) => masked(name, value).concat(partlyAttended(name, value))),
  ...attended(),
];

/** Under the mask it reaches neither an output nor a gradient. */
function masked(name: string, value: number): AgreementCase[] {
  return [
    ...Object.entries(MASKS).map(([mask, spec]) =>
      agreement(
        'non-finite',
        `dot/under-${mask}/${name}`,
        dot({ mask: spec, poison: under(value, 'key', 'value', 'query'), outputs: ALL_OUTPUTS }),
      ),
    ),
    ...(['segments', 'dense'] as const).map((mask) =>
      agreement(
        'non-finite',
        `dot/under-${mask}-soft-cap-and-bias/${name}`,
        dot({
          mask: MASKS[mask],
          softCap: 1.5,
          bias: { kind: 'alibi', align: 'top-left' },
          poison: under(value, 'key', 'value', 'query'),
          outputs: ALL_OUTPUTS,
        }),
      ),
    ),
    agreement(
      'non-finite',
      `dot/under-padding-tk70/${name}`,
      dot({
        batch: 1,
        queries: 33,
        keys: 70,
        mask: { kind: 'padding', lengths: [37] },
        poison: under(value, 'key', 'value'),
      }),
    ),
    agreement(
      'non-finite',
      `dot/under-causal-tk70/${name}`,
      dot({
        batch: 1,
        heads: 2,
        keyHeads: 1,
        queries: 40,
        keys: 70,
        mask: { kind: 'causal', align: 'top-left' },
        poison: under(value, 'key', 'value'),
      }),
    ),
    agreement(
      'non-finite',
      `dot/under-minus-infinity-bias/${name}`,
      dot({
        bias: { kind: 'dense', shape: [3, 5, 7], emptyColumns: [1, 6] },
        poison: [1, 6].flatMap((j) =>
          ['key', 'value'].flatMap((input) => [
            { input, value, at: [0, 0, j] },
            { input, value, at: [1, 2, j] },
          ]),
        ),
        outputs: ALL_OUTPUTS,
      }),
    ),
    agreement(
      'non-finite',
      `dot/under-padding-with-cap-bias-dropout/${name}`,
      dot({
        softCap: 2,
        bias: { kind: 'relativePosition', rows: 1, reach: 3, align: 'top-left' },
        dropout: { rate: 0.4, seed: 3 },
        mask: MASKS['padding'],
        poison: under(value, 'key', 'value'),
      }),
    ),
    ...Object.entries(MASKS).map(([mask, spec]) =>
      agreement(
        'non-finite',
        `additive/under-${mask}/${name}`,
        add({ mask: spec, poison: under(value, 'key', 'value', 'query'), outputs: ALL_OUTPUTS }),
      ),
    ),
    ...NORMALIZERS.map((normalizer) =>
      agreement(
        'non-finite',
        `weighted/${normalizer}/under-padding/${name}`,
        weigh({
          normalizer,
          mask: { kind: 'padding', lengths: [4, 0] },
          // Batch row 0 attends to 4 of 7 keys, row 1 to none.
          poison: [
            ...under(value, 'value'),
            { input: 'scores', value, at: [1] },
            { input: 'scores', value, at: [0, 0, 0, 5] },
            { input: 'scores', value, at: [0, 2, 4, 6] },
          ],
          outputs: ['weights'],
        }),
      ),
    ),
  ];
}

/** Attended by some rows, or in some columns: it shows there and nowhere else. */
function partlyAttended(name: string, value: number): AgreementCase[] {
  return [
    agreement(
      'non-finite',
      `dot/attended-by-last-query/value/${name}`,
      dot({ queries: 5, keys: 5, causal: true, poison: [{ input: 'value', value, at: [0, 1, 4] }] }),
      { gradients: 'none' },
    ),
    agreement(
      'non-finite',
      `dot/attended-in-one-column/value/${name}`,
      dot({ poison: [{ input: 'value', value, at: [1, 0, 2, 3] }], outputs: ALL_OUTPUTS }),
      { gradients: 'none' },
    ),
    agreement(
      'non-finite',
      `additive/attended/value/${name}`,
      add({ mask: { kind: 'padding', lengths: [5, 7] }, poison: [{ input: 'value', value, at: [0, 4] }] }),
      { gradients: 'none' },
    ),
    agreement(
      'non-finite',
      `weighted/attended/value/${name}`,
      weigh({ mask: { kind: 'padding', lengths: [5, 7] }, poison: [{ input: 'value', value, at: [0, 1, 4] }] }),
      { gradients: 'none' },
    ),
  ];
}

function attended(): AgreementCase[] {
  return [
    // NaN only: how an infinite score ends is up to the sign of the query's numbers.
    agreement(
      'non-finite',
      'dot/attended-by-last-query/key/nan',
      dot({
        queries: 5,
        keys: 5,
        causal: true,
        poison: [{ input: 'key', value: NaN, at: [0, 1, 4] }],
        outputs: ALL_OUTPUTS,
      }),
    ),
    agreement(
      'non-finite',
      'dot/attended/key/nan',
      dot({ poison: [{ input: 'key', value: NaN, at: [0, 1, 4, 2] }], outputs: ALL_OUTPUTS }),
    ),
    agreement(
      'non-finite',
      'dot/attended/query/nan',
      dot({ poison: [{ input: 'query', value: NaN, at: [0, 1, 4, 2] }], outputs: ALL_OUTPUTS }),
    ),
    agreement(
      'non-finite',
      'dot/attended-key-of-score-minus-infinity',
      dot({
        batch: 1,
        heads: 1,
        keyHeads: 1,
        width: 1,
        scale: 1,
        poison: [
          { input: 'query', value: 1, at: [] },
          { input: 'key', value: -Infinity, at: [0, 0, 2] },
        ],
        outputs: ALL_OUTPUTS,
      }),
      { gradients: 'none' },
    ),
    agreement(
      'non-finite',
      'dot/every-score-minus-infinity',
      dot({
        batch: 1,
        heads: 1,
        keyHeads: 1,
        width: 1,
        scale: 1,
        poison: [
          { input: 'query', value: 1, at: [] },
          { input: 'key', value: -Infinity, at: [] },
        ],
        outputs: ALL_OUTPUTS,
      }),
      { gradients: 'none' },
    ),
    agreement(
      'non-finite',
      'additive/attended/key/nan',
      add({ causal: { offset: 0 }, poison: [{ input: 'key', value: NaN, at: [0, 3] }], outputs: ALL_OUTPUTS }),
    ),
  ];
}
