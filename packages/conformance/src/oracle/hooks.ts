import type { Position, SymbolicTensor } from '@heed/core';
import { sizeOf, type Instance, type ScoreSizes, type TensorValue } from '../example.js';
import { capturesOf, formulasOf, type HookedExample } from '../hooks.js';
import type { At, Round } from './arithmetic.js';
import { Dual, dualOf, type Truth } from './dual.js';

/** What a hook of scores or weights does at a position. */
export interface HookMeaning {
  /** What becomes of x. */
  value(b: number, h: number, i: number, j: number, x: number): number;
  /** The gradient in x, given that in what becomes of it; sums those in the captured tensors. */
  pullBack(b: number, h: number, i: number, j: number, x: number, gradient: number): number;
}

/** The hooks of an instance; those that it hasn't are absent. */
export interface HookMeanings {
  readonly scoreHook?: HookMeaning;
  readonly maskHook?: At<boolean>;
  readonly weightHook?: HookMeaning;
}

export interface MeantHooks {
  readonly hooks: HookMeanings;
  /** Sums of the gradients in the captured tensors, by name. */
  readonly gradients: Readonly<Record<string, Float64Array>>;
}

/** Name of the derivative in what a hook changes. */
const X = 'x';

/** What the hooks of an instance mean: their formulas, with numbers in the place of symbols. */
export function meaningOf(
  { example, inputs }: Pick<Instance<HookedExample>, 'example' | 'inputs'>,
  sizes: ScoreSizes,
  round: Round,
): MeantHooks {
  const names = Object.keys(capturesOf(example, sizes));
  const gradients = Object.fromEntries(names.map((name) => [name, new Float64Array(sizeOf(inputs[name].shape))]));
  const readBy = (derives: boolean): Readonly<Record<string, SymbolicTensor>> =>
    Object.fromEntries(names.map((name) => [name, tensorOf(name, inputs[name], round, derives)]));
  const read = readBy(false);
  const readWithDerivatives = readBy(true);
  const at = (b: number, h: number, i: number, j: number): Position => {
    const number = (value: number): Dual => new Dual(value, round);
    const { queries, keys } = sizes;
    return {
      batch: number(b),
      head: number(h),
      query: number(i),
      key: number(j),
      Tq: number(queries),
      Tk: number(keys),
    };
  };
  type Read = typeof read;
  const meaning = (f: (b: number, h: number, i: number, j: number, x: Dual, read: Read) => Dual): HookMeaning => ({
    value: (b, h, i, j, x) => f(b, h, i, j, new Dual(x, round), read).value,
    pullBack(b, h, i, j, x, gradient) {
      const { partials } = f(b, h, i, j, Dual.independent(x, X, round), readWithDerivatives);
      for (const [key, partial] of partials) {
        if (key === X) continue;
        const [name, place] = key.split(' ') as [string, string];
        gradients[name][Number(place)] = round(gradients[name][Number(place)] + round(partial * gradient));
      }
      return round((partials.get(X) ?? 0) * gradient);
    },
  });
  const hooks = formulasOf(example).map((formula) => {
    const { kind, f } = formula;
    if (kind === 'maskHook') return { maskHook: (...p: Parameters<At<boolean>>) => (f(at(...p), read) as Truth).value };
    return {
      [kind]: meaning((b, h, i, j, x, read) => {
        const given = kind === 'scoreHook' ? { score: x } : { weight: x };
        return dualOf(f({ ...at(b, h, i, j), ...given } as never, read) as Dual, round);
      }),
    };
  });
  return { hooks: Object.assign({}, ...hooks) as HookMeanings, gradients };
}

function tensorOf(name: string, { shape, values }: TensorValue, round: Round, derives: boolean): SymbolicTensor {
  return {
    at(...indices) {
      let place = 0;
      for (const [axis, index] of indices.entries()) {
        const n = Math.floor(dualOf(index, round).value);
        if (!(n >= 0 && n < shape[axis])) return new Dual(NaN, round);
        place = place * shape[axis] + n;
      }
      const { [place]: x } = values;
      return derives ? Dual.independent(x, `${name} ${place}`, round) : new Dual(x, round);
    },
  };
}
