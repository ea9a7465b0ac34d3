import {
  maskHook,
  scoreHook,
  weightHook,
  type HookOptions,
  type Position,
  type SymbolicBoolean,
  type SymbolicNumber,
  type SymbolicTensor,
} from '@heed/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { Example, ScoreSizes } from './example.js';

type Read = Readonly<Record<string, SymbolicTensor>>;

/** A hook of an example: its formula, and the shapes of the tensors that it captures. */
type Formula = { readonly captures?: (sizes: ScoreSizes) => Readonly<Record<string, readonly number[]>> } & (
  | { readonly kind: 'scoreHook'; f(at: Position & { score: SymbolicNumber }, read: Read): SymbolicNumber | number }
  | { readonly kind: 'maskHook'; f(at: Position, read: Read): SymbolicBoolean }
  | { readonly kind: 'weightHook'; f(at: Position & { weight: SymbolicNumber }, read: Read): SymbolicNumber | number }
);

const formulas = <Names extends string>(all: Readonly<Record<Names, Formula>>): Readonly<Record<Names, Formula>> => all;

const perHead = (name: string) => (sizes: ScoreSizes) => ({ [name]: [sizes.heads] });

/** Hooks that examples may have, by name. The oracle reads the same formulas, with numbers for symbols. */
export const FORMULAS = formulas({
  // Scores
  unchanged: { kind: 'scoreHook', f: ({ score }) => score },
  constant: { kind: 'scoreHook', f: () => 0.5 },
  decay: {
    kind: 'scoreHook',
    captures: perHead('rate'),
    f: ({ score, query, key, head }, { rate }) => score.sub(query.sub(key).abs().mul(rate.at(head))),
  },
  temperature: {
    kind: 'scoreHook',
    captures: perHead('temperature'),
    f: ({ score, head }, { temperature }) => score.mul(temperature.at(head)),
  },
  cap: { kind: 'scoreHook', f: ({ score }) => score.div(1.5).tanh().mul(1.5) },
  'exponential decay': {
    kind: 'scoreHook',
    captures: perHead('slope'),
    f: ({ score, query, key, head }, { slope }) =>
      score.mul(query.sub(key).abs().mul(slope.at(head).abs()).neg().exp()),
  },
  table: {
    kind: 'scoreHook',
    captures: ({ heads, queries, keys }) => ({ offsets: [heads, Math.max(1, queries + keys - 1)] }),
    f: ({ score, query, key, head, Tk }, { offsets }) => score.add(offsets.at(head, query.sub(key).add(Tk).sub(1))),
  },
  'bias of positions': {
    kind: 'scoreHook',
    captures: ({ batch, queries, keys }) => ({ grid: [batch, queries, keys] }),
    f: ({ score, batch, query, key }, { grid }) => score.add(grid.at(batch, query, key)),
  },
  mixture: {
    kind: 'scoreHook',
    captures: ({ heads, queries, keys }) => ({ mix: [heads], rows: [queries], columns: [keys] }),
    f: ({ score, head, query, key }, { mix, rows, columns }) =>
      score.add(score.mul(mix.at(head)).add(columns.at(key)).tanh().mul(rows.at(query))),
  },
  'roots and logarithms': {
    kind: 'scoreHook',
    captures: perHead('base'),
    f: ({ score, head }, { base }) => {
      const positive = base.at(head).mul(base.at(head)).add(0.5);
      return score.mul(score).add(1).sqrt().add(positive.log()).sub(positive.pow(0.3)).add(score.sigmoid());
    },
  },
  'larger and smaller': {
    kind: 'scoreHook',
    captures: perHead('floor'),
    f: ({ score, head }, { floor }) => score.max(floor.at(head)).add(score.neg().min(floor.at(head)).mul(2)),
  },
  'larger of the same': { kind: 'scoreHook', f: ({ score }) => score.max(score.mul(1)).add(score.min(score)) },
  'taken where whole': {
    kind: 'scoreHook',
    captures: perHead('gain'),
    f: ({ score, query, key, head, batch }, { gain }) =>
      query
        .add(key)
        .mod(3)
        .eq(batch)
        .select(score.mul(gain.at(head)), score.sub(query.sub(key).floorDiv(2).abs().mul(0.3))),
  },
  'steep where not taken': {
    kind: 'scoreHook',
    captures: perHead('gain'),
    f: ({ score, query, key, head }, { gain }) => {
      const distance = query.sub(key).abs();
      // √0 has an infinite slope, and log 0 is −∞: of what isn't taken nothing comes.
      const root = distance.mul(gain.at(head).mul(gain.at(head))).sqrt();
      return distance.gt(0).select(score.sub(root).add(distance.log()), score);
    },
  },
  'masked by −∞': { kind: 'scoreHook', f: ({ score, query, key }) => query.ge(key).select(score, -Infinity) },
  'power of −∞': {
    kind: 'scoreHook',
    f({ score }) {
      // To a fraction it is ∞, and 0 where the fraction is below 0.
      const low = score.mul(0).sub(Infinity);
      return score.add(low.pow(-0.3)).add(low.pow(0.3).neg().exp());
    },
  },
  'beyond the tensor': {
    kind: 'scoreHook',
    captures: ({ keys }) => ({ few: [Math.ceil(keys / 2)] }),
    f: ({ score, key }, { few }) => score.add(few.at(key)),
  },
  lengths: {
    kind: 'scoreHook',
    f: ({ score, query, key, Tq, Tk }) => score.add(query.div(Tq).sub(key.div(Tk)).mul(3)),
  },

  // Masks
  causal: { kind: 'maskHook', f: ({ query, key }) => query.ge(key) },
  window: { kind: 'maskHook', f: ({ query, key }) => query.ge(key).and(query.sub(key).lt(3)) },
  'first keys': {
    kind: 'maskHook',
    captures: ({ batch }) => ({ prefix: [batch] }),
    f: ({ batch, query, key }, { prefix }) => key.lt(prefix.at(batch).floorDiv(1).add(2)).or(query.ge(key)),
  },
  documents: {
    kind: 'maskHook',
    captures: ({ batch, queries, keys }) => ({ documents: [batch, Math.max(queries, keys)] }),
    f: ({ batch, query, key }, { documents }) =>
      documents.at(batch, query).floorDiv(1).eq(documents.at(batch, key).floorDiv(1)),
  },
  'every third': { kind: 'maskHook', f: ({ query, key, head }) => query.add(key).add(head).mod(3).ne(0) },
  nowhere: { kind: 'maskHook', f: ({ key, Tk }) => key.ge(Tk) },
  'not some rows': { kind: 'maskHook', f: ({ query, key }) => query.mod(2).eq(0).and(key.ne(1)) },
  'where the tensor is': {
    kind: 'maskHook',
    captures: ({ keys }) => ({ few: [Math.ceil(keys / 2)] }),
    f: ({ key }, { few }) => few.at(key).mul(0).eq(0),
  },

  // Weights
  'power of weights': {
    kind: 'weightHook',
    captures: perHead('exponent'),
    f: ({ weight, head }, { exponent }) => weight.pow(exponent.at(head).abs().add(1)),
  },
  'gain of weights': {
    kind: 'weightHook',
    captures: ({ heads, keys }) => ({ share: [heads, keys] }),
    f: ({ weight, head, key }, { share }) => weight.mul(share.at(head, key)).add(0.1),
  },
});

export type FormulaName = keyof typeof FORMULAS;

/** What examples with hooks have. */
export interface HookedExample extends Example {
  /** Names of formulas, at most one of each kind. */
  readonly hooks?: readonly FormulaName[];
}

export const formulasOf = ({ hooks = [] }: HookedExample): Formula[] => hooks.map((name) => FORMULAS[name]);

/** Shapes of the tensors that an example's hooks capture, by name. */
export const capturesOf = (example: HookedExample, sizes: ScoreSizes): Readonly<Record<string, readonly number[]>> =>
  Object.assign({}, ...formulasOf(example).map(({ captures }) => captures?.(sizes) ?? {})) as ReturnType<
    NonNullable<Formula['captures']>
  >;

/** Options of an op that are an example's hooks. */
export function hookOptions(
  example: HookedExample,
  sizes: ScoreSizes,
  tensors: Readonly<Record<string, tf.Tensor>>,
): HookOptions {
  const made = formulasOf(example).map((formula) => {
    const names = Object.keys(formula.captures?.(sizes) ?? {});
    const captures = Object.fromEntries(names.map((name) => [name, tensors[name]]));
    switch (formula.kind) {
      case 'scoreHook':
        return { scoreHook: scoreHook(formula.f, captures) };
      case 'maskHook':
        return { maskHook: maskHook(formula.f, captures) };
      case 'weightHook':
        return { weightHook: weightHook(formula.f, captures) };
    }
  });
  return Object.assign({}, ...made) as HookOptions;
}
