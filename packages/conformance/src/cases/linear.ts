import { agreement, type AgreementCase } from '../case.js';
import type { Poison } from '../example.js';
import { linearly } from '../examples.js';
import type { LinearExample } from '../ops/linear.js';

type Changes = Partial<LinearExample>;

/** What a rule adds to an example of the sizes. */
const RULES: Readonly<
  Record<string, (sizes: Pick<LinearExample, 'batch' | 'keyHeads' | 'queries' | 'width'>) => Changes>
> = {
  linear: () => ({}),
  normalized: () => ({ normalize: true }),
  gated: ({ batch, keyHeads, queries, width }) => ({ logDecay: [batch, keyHeads, queries, width] }),
  'gated-head': ({ batch, keyHeads, queries }) => ({ logDecay: [batch, keyHeads, queries] }),
  retention: ({ keyHeads }) => ({ logDecay: [keyHeads] }),
  delta: ({ batch, keyHeads, queries }) => ({ beta: [batch, keyHeads, queries] }),
  'gated-delta': ({ batch, keyHeads, queries }) => ({
    logDecay: [batch, keyHeads, queries],
    beta: [batch, keyHeads, queries],
  }),
  'gated-delta-width': ({ batch, keyHeads, queries, width }) => ({
    logDecay: [batch, keyHeads, queries, width],
    beta: [batch, keyHeads, queries],
  }),
  'gated-normalized': ({ batch, keyHeads, queries, width }) => ({
    normalize: true,
    logDecay: [batch, keyHeads, queries, width],
  }),
};

const ruled = (rule: string, changes: Changes = {}): LinearExample => {
  const sizes = linearly(changes);
  const { normalize } = RULES[rule](sizes);
  return {
    ...sizes,
    keys: sizes.queries,
    outputs: normalize ? ['state', 'normalizer'] : ['state'],
    ...RULES[rule](sizes),
    ...changes,
  };
};

const each = (name: string, changes: Changes, rules: readonly string[] = Object.keys(RULES)): AgreementCase[] =>
  rules.map((rule) => agreement('linear', `${rule}/${name}`, ruled(rule, changes)));

const small = { batch: 1, heads: 1, keyHeads: 1, width: 3, valueWidth: 2 } as const;

const DECAYING = ['gated', 'gated-head', 'gated-delta', 'gated-normalized'];

/** Around the lengths of chunks, 16, 32 and 64, and several of them; those of one chunk more or less with three rules. */
const EDGES = [17, 65, 130];
const MORE_EDGES = [15, 16, 31, 33, 63, 64];

export const linear: readonly AgreementCase[] = [
  ...each('base', {}),
  ...each('one-step', { queries: 1 }),
  ...each('carried', { initialState: true }),
  ...each('one-step-carried', { queries: 1, initialState: true }),
  ...each('groups', { heads: 6, keyHeads: 2, initialState: true }),
  ...each('ragged', { batch: 3, lengths: [5, 2, 0] }),
  ...each('ragged-carried', { batch: 3, lengths: [0, 5, 3], initialState: true, heads: 4, keyHeads: 2 }),
  ...each('context-alone', { outputs: [] }),
  ...EDGES.flatMap((queries) => each(`t${queries}`, { ...small, queries, initialState: true })),
  ...MORE_EDGES.flatMap((queries) =>
    each(`t${queries}`, { ...small, queries, initialState: true }, ['linear', 'gated', 'gated-delta']),
  ),
  ...each('t70-ragged', { ...small, batch: 3, queries: 70, lengths: [70, 33, 1] }),
  ...[1, 2, 7, 16, 33].flatMap((width) => each(`d${width}`, { ...small, width }, ['linear', 'gated', 'gated-delta'])),
  ...[1, 5, 17, 32].flatMap((valueWidth) =>
    each(`dv${valueWidth}`, { ...small, valueWidth }, ['linear', 'gated-delta']),
  ),
  ...[0.25, -2, 0].map((scale) => agreement('linear', `gated/scale${scale}`, ruled('gated', { scale }))),

  // Gradients through one output at a time, so that none can stand in for another.
  ...each('loss-in-state', { lossIn: ['state'], initialState: true }),
  ...each('loss-in-context', { lossIn: ['context'], initialState: true }),
  ...each('loss-in-normalizer', { lossIn: ['normalizer'], initialState: true }, ['normalized', 'gated-normalized']),

  // The same decays or strengths along an axis.
  ...Object.entries({
    'same-for-heads': [2, 1, 5, 4],
    'same-for-rows': [1, 3, 5, 1],
    'same-for-steps': [2, 3, 1, 4],
    'same-for-all': [1, 1, 1, 1],
    'same-for-all-but-width': [1, 1, 1, 4],
  }).map(([name, logDecay]) => agreement('linear', `gated/${name}`, ruled('gated', { logDecay }))),
  agreement('linear', 'delta/same-for-heads', ruled('delta', { beta: [2, 1, 5] })),
  agreement('linear', 'gated-delta/same-for-rows', ruled('gated-delta', { beta: [1, 3, 1] })),

  // Decays that leave nothing, in one step or in a few, between steps that leave nearly all.
  ...[100, 1e4].flatMap((size) =>
    each(`decay-${size}`, { ...small, queries: 40, magnitude: { logDecay: size } }, DECAYING),
  ),
  ...each(
    'reset',
    {
      ...small,
      queries: 40,
      magnitude: { logDecay: 0.01 },
      poison: [5, 6, 20].map((t) => ({ input: 'logDecay', value: -Infinity, at: [0, 0, t] })),
    },
    DECAYING,
  ),

  // What stands past a row's length reaches nothing.
  ...[NaN, Infinity].flatMap((value) =>
    each(`padding-of-${Number.isNaN(value) ? 'nan' : 'infinity'}`, {
      batch: 2,
      lengths: [3, 0],
      initialState: true,
      poison: ['query', 'key', 'value'].flatMap((input) => past(input, value)),
    }),
  ),
  agreement(
    'linear',
    'gated-delta/padding-of-nan-decays',
    ruled('gated-delta', {
      batch: 2,
      lengths: [3, 0],
      poison: ['logDecay', 'beta'].flatMap((input) => past(input, NaN)),
    }),
  ),

  ...['linear', 'normalized'].flatMap((rule) =>
    Object.entries({
      base: {},
      'tq3-tk7': { queries: 3, keys: 7 },
      carried: { initialState: true },
      ragged: { batch: 3, keys: 4, lengths: [4, 1, 0] },
      groups: { heads: 6, keyHeads: 2, keys: 70 },
    } as const).map(([name, changes]) =>
      agreement('linear', `${rule}/bidirectional/${name}`, ruled(rule, { bidirectional: true, ...changes })),
    ),
  ),

  ...(
    [
      ['b0', { batch: 0 }],
      ['h0', { heads: 0, keyHeads: 0 }],
      ['t0', { queries: 0 }],
      ['t0-carried', { queries: 0, initialState: true }],
      ['dv0', { valueWidth: 0 }],
    ] as const
  ).flatMap(([name, axes]) => each(`empty/${name}`, axes, ['linear', 'normalized', 'gated-delta'])),
  ...['b0', 'dv0'].map((name) =>
    agreement(
      'linear',
      `linear/empty/bidirectional-${name}`,
      ruled('linear', { bidirectional: true, ...(name === 'b0' ? { batch: 0 } : { valueWidth: 0 }) }),
    ),
  ),
  agreement('linear', 'linear/empty/tk0', ruled('linear', { bidirectional: true, keys: 0, initialState: true })),

  ...Object.keys(RULES).map((rule) =>
    agreement(
      'linear',
      `${rule}/differences`,
      ruled(rule, { batch: 2, heads: 2, keyHeads: 1, width: 2, valueWidth: 2, lengths: [5, 3], initialState: true }),
      { gradients: 'differences' },
    ),
  ),
];

/** Everything of an input past the lengths 3 and 0, with three heads and five steps. */
function past(input: string, value: number): Poison[] {
  const places = [0, 1, 2].flatMap((head) => [
    [0, head, 3],
    [0, head, 4],
    [1, head],
  ]);
  return places.map((at) => ({ input, value, at }));
}
