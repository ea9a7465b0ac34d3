import fc from 'fast-check';
import { NORMALIZERS, OPS, type OpName } from '@heed/core';
import type { AlignmentDraft, BiasDraft, Draft, MaskDraft } from './draft.js';
import type { Step } from './step.js';

/** Lengths of an axis: mostly small, sometimes beyond the sizes of blocks, sometimes 0. */
function axis(most: number): fc.Arbitrary<number> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 4, arbitrary: fc.integer({ min: 5, max: most }) },
    { weight: 1, arbitrary: fc.constant(0) },
  );
}

const alignment: fc.Arbitrary<AlignmentDraft> = fc.record({
  kind: fc.constantFrom('none', 'top-left', 'bottom-right', 'offset', 'offsets'),
  offsets: fc.array(fc.integer({ min: -4, max: 12 }), { minLength: 3, maxLength: 3 }),
});

const count = fc.option(fc.nat(5));
const full = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });

const leaf: fc.Arbitrary<MaskDraft> = fc.oneof(
  fc.record({ kind: fc.constant('causal'), at: alignment }),
  fc.record({ kind: fc.constant('slidingWindow'), left: count, right: count, at: alignment }),
  fc.record({ kind: fc.constant('padding'), lengths: fc.array(fc.nat(40), { minLength: 3, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('segments'), run: fc.integer({ min: 1, max: 4 }), shift: fc.nat(3) }),
  fc.record({ kind: fc.constant('dense'), full, named: fc.boolean(), attended: fc.constantFrom(1, 0.7, 0.3, 0) }),
);

const mask: fc.Arbitrary<MaskDraft> = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: leaf },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('both'), masks: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
  },
);

/** Lists of biases, at most one of each kind. */
const bias: fc.Arbitrary<readonly BiasDraft[]> = fc.uniqueArray(
  fc.oneof(
    fc.record({ kind: fc.constant('alibi'), slopes: fc.boolean(), at: alignment }),
    fc.record({
      kind: fc.constant('relativePosition'),
      shared: fc.boolean(),
      reach: fc.integer({ min: 1, max: 3 }),
      at: alignment,
    }),
    fc.record({ kind: fc.constant('dense'), full, named: fc.boolean(), masked: fc.constantFrom(0, 0.3, 1) }),
  ),
  { maxLength: 3, selector: ({ kind }) => kind },
);

/** A value that is mostly null, since most programs leave out most options. */
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const draft: fc.Arbitrary<Draft> = fc.record({
  // Half of the calls are of the op with the most options.
  op: fc.constantFrom('dotProductAttention', ...(Object.keys(OPS) as OpName[])),
  batch: axis(5),
  keyHeads: fc.integer({ min: 1, max: 3 }),
  group: fc.integer({ min: 1, max: 3 }),
  queries: axis(36),
  keys: axis(40),
  square: fc.boolean(),
  width: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: 5, max: 20 }) },
  ),
  valueWidth: axis(20),
  leadingAxes: fc.nat(3),
  normalizer: fc.nat(NORMALIZERS.length - 1),
  mask: fc.option(mask, { freq: 3 }),
  bias,
  causal: rarely(alignment),
  dropout: rarely(fc.record({ rate: fc.constantFrom(0, 0.3, 0.9), seed: fc.maxSafeNat() })),
  scale: rarely(fc.constantFrom(1, 0.05, -2, 0)),
  softCap: rarely(fc.constantFrom(1, 0.2, 30)),
  hook: rarely(fc.nat(100)),
  secondHook: rarely(fc.nat(100)),
  weights: fc.boolean(),
  logSumExp: fc.boolean(),
  magnitude: fc.constantFrom(1, 1, 100, 1e-3),
  ties: fc.boolean(),
  poison: rarely(fc.constantFrom(NaN, Infinity, -Infinity)),
});

const seed = fc.nat(0xffff);

/** Possible next steps of a program; frequent steps of real programs are frequent here. */
export const steps: readonly fc.Arbitrary<Step>[] = [
  ...Array<fc.Arbitrary<Step>>(4).fill(
    fc.record({
      kind: fc.constant('call'),
      draft,
      seed,
      fate: fc.constantFrom('dispose', 'keep', 'tidy'),
      query: rarely(fc.nat(20)),
      again: fc.boolean(),
    }),
  ),
  ...Array<fc.Arbitrary<Step>>(3).fill(
    fc.record({ kind: fc.constant('gradients'), draft, seed, query: rarely(fc.nat(20)), again: fc.boolean() }),
  ),
  fc.record({ kind: fc.constant('lateGradients'), draft, seed }),
  fc.record({ kind: fc.constant('materialize'), draft, mask, seed }),
  ...Array<fc.Arbitrary<Step>>(2).fill(fc.record({ kind: fc.constant('error'), pick: fc.nat(200) })),
  ...Array<fc.Arbitrary<Step>>(2).fill(
    fc.record({ kind: fc.constant('select'), backend: fc.constantFrom('subject', 'subject', 'composed') }),
  ),
  fc.record({ kind: fc.constant('disposeBackend'), pick: fc.nat(20) }),
  fc.record({ kind: fc.constant('disposeTensor'), pick: fc.nat(20) }),
];
