import { byName } from '../by-name.js';
import { ANYTHING, FALSE, MAYBE, TRUE, between, isBelow, isSame, type Interval } from './interval.js';

/** What a derivative is written with: steps of a program by their numbers. */
export interface Derive {
  /** Step of a function of steps. */
  apply(name: string, ...args: readonly number[]): number;
  number(value: number): number;
  /** gradient · slope, and 0 where the gradient is 0, however large the slope. */
  chain(gradient: number, slope: number): number;
}

/** A function that hooks are made of. Its formula for tensors stands in `composed.ts`; backends and the oracle have their own. */
interface Definition<Name extends string = string> {
  readonly name: Name;
  /** Kinds of its arguments, n a number and t a truth value, then that of its result. */
  readonly signature: `${string}:${'n' | 't'}`;
  /** Value; truth values are 1 and 0. */
  value(...args: readonly number[]): number;
  /** Smallest interval, or a larger one, of its values over intervals of its arguments. */
  bounds(...args: readonly Interval[]): Interval;
  /** Gradients in the arguments, given that in the result; absent for a function that steps, undefined for an argument that has none. */
  derive?(to: Derive, gradient: number, args: readonly number[], self: number): readonly (number | undefined)[];
}

const define = <const Name extends string>(definition: Definition<Name>): Definition<Name> => definition;

/** Bounds of a function that rises with its argument. */
const rising =
  (f: (x: number) => number, lowest = -Infinity) =>
  ({ low, high }: Interval): Interval =>
    low < lowest ? ANYTHING : between(f(low), f(high), false);

/** Bounds of a function of two numbers that is largest and smallest at corners. */
const atCorners =
  (f: (a: number, b: number) => number) =>
  (a: Interval, b: Interval): Interval => {
    const corners = [f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high)];
    return between(Math.min(...corners), Math.max(...corners), a.whole && b.whole);
  };

const wholeQuotient = (a: number, b: number): number => Math.floor(Math.floor(a) / Math.floor(b));

const floors = ({ low, high }: Interval): Interval => between(Math.floor(low), Math.floor(high), true);

const truth = (value: boolean): number => (value ? 1 : 0);

/** 1 where a before b, ½ where they tie, else 0: of two equal numbers each is the larger by half. */
function share(to: Derive, a: number, b: number): number {
  const tied = to.apply('select', to.apply('eq', a, b), to.number(0.5), to.number(0));
  return to.apply('select', to.apply('lt', a, b), to.number(1), tied);
}

const compare = <const Name extends string>(
  name: Name,
  value: (a: number, b: number) => boolean,
  sure: (a: Interval, b: Interval) => boolean,
  never: (a: Interval, b: Interval) => boolean,
) =>
  define({
    name,
    signature: 'nn:t',
    value: (a, b) => truth(value(a, b)),
    bounds: (a, b) => (never(a, b) ? FALSE : sure(a, b) && !a.maybeNaN && !b.maybeNaN ? TRUE : MAYBE),
  });

const atMost = (a: Interval, b: Interval): boolean => isBelow(a, b, true);
const below = (a: Interval, b: Interval): boolean => isBelow(a, b, false);
const apart = (a: Interval, b: Interval): boolean => below(a, b) || below(b, a);

/** The functions by name. */
export const HOOK_FUNCTIONS = byName(
  define({
    name: 'add',
    signature: 'nn:n',
    value: (a, b) => a + b,
    bounds: (a, b) => between(a.low + b.low, a.high + b.high, a.whole && b.whole),
    derive: (_, gradient) => [gradient, gradient],
  }),
  define({
    name: 'sub',
    signature: 'nn:n',
    value: (a, b) => a - b,
    bounds: (a, b) => between(a.low - b.high, a.high - b.low, a.whole && b.whole),
    derive: (to, gradient) => [gradient, to.apply('neg', gradient)],
  }),
  define({
    name: 'mul',
    signature: 'nn:n',
    value: (a, b) => a * b,
    bounds: atCorners((a, b) => a * b),
    derive: (to, gradient, [a, b]) => [to.chain(gradient, b), to.chain(gradient, a)],
  }),
  define({
    name: 'div',
    signature: 'nn:n',
    value: (a, b) => a / b,
    bounds: (a, b) => (b.low <= 0 && b.high >= 0 ? ANYTHING : { ...atCorners((x, y) => x / y)(a, b), whole: false }),
    derive: (to, gradient, [, b], self) => {
      const inFirst = to.chain(gradient, to.apply('div', to.number(1), b));
      return [inFirst, to.apply('neg', to.chain(inFirst, self))];
    },
  }),
  define({
    name: 'neg',
    signature: 'n:n',
    value: (a) => -a,
    bounds: (a) => between(-a.high, -a.low, a.whole),
    derive: (to, gradient) => [to.apply('neg', gradient)],
  }),
  define({
    name: 'abs',
    signature: 'n:n',
    value: Math.abs,
    bounds: (a) => between(Math.max(0, a.low, -a.high), Math.max(Math.abs(a.low), Math.abs(a.high)), a.whole),
    derive(to, gradient, [a]) {
      const [zero, minus] = [to.number(0), to.apply('neg', gradient)];
      const below = to.apply('select', to.apply('lt', a, zero), minus, zero);
      return [to.apply('select', to.apply('lt', zero, a), gradient, below)];
    },
  }),
  define({
    name: 'min',
    signature: 'nn:n',
    value: (a, b) => Math.min(a, b),
    bounds: (a, b) => between(Math.min(a.low, b.low), Math.min(a.high, b.high), a.whole && b.whole),
    derive: (to, gradient, [a, b]) => [to.chain(gradient, share(to, a, b)), to.chain(gradient, share(to, b, a))],
  }),
  define({
    name: 'max',
    signature: 'nn:n',
    value: (a, b) => Math.max(a, b),
    bounds: (a, b) => between(Math.max(a.low, b.low), Math.max(a.high, b.high), a.whole && b.whole),
    derive: (to, gradient, [a, b]) => [to.chain(gradient, share(to, b, a)), to.chain(gradient, share(to, a, b))],
  }),
  define({
    name: 'exp',
    signature: 'n:n',
    value: Math.exp,
    bounds: rising(Math.exp),
    derive: (to, gradient, _, self) => [to.chain(gradient, self)],
  }),
  define({
    name: 'log',
    signature: 'n:n',
    value: Math.log,
    bounds: rising(Math.log, 0),
    derive: (to, gradient, [a]) => [to.chain(gradient, to.apply('div', to.number(1), a))],
  }),
  define({
    name: 'tanh',
    signature: 'n:n',
    value: Math.tanh,
    bounds: rising(Math.tanh),
    derive: (to, gradient, _, self) => [to.chain(gradient, to.apply('sub', to.number(1), to.apply('mul', self, self)))],
  }),
  define({
    name: 'sigmoid',
    signature: 'n:n',
    value: (a) => 1 / (1 + Math.exp(-a)),
    bounds: rising((a) => 1 / (1 + Math.exp(-a))),
    derive: (to, gradient, _, self) => [to.chain(gradient, to.apply('mul', self, to.apply('sub', to.number(1), self)))],
  }),
  define({
    name: 'sqrt',
    signature: 'n:n',
    value: Math.sqrt,
    bounds: rising(Math.sqrt, 0),
    derive: (to, gradient, _, self) => [to.chain(gradient, to.apply('div', to.number(0.5), self))],
  }),
  define({
    name: 'pow',
    signature: 'nn:n',
    value: (a, b) => a ** b,
    bounds: (a, b) => (a.low > 0 ? { ...atCorners((x, y) => x ** y)(a, b), whole: false } : ANYTHING),
    derive(to, gradient, [a, b], self) {
      const slope = to.apply('mul', b, to.apply('pow', a, to.apply('sub', b, to.number(1))));
      // 0 ** b moves with b nowhere that it is defined.
      const log = to.apply('select', to.apply('lt', to.number(0), a), to.apply('log', a), to.number(0));
      return [to.chain(gradient, slope), to.chain(gradient, to.apply('mul', self, log))];
    },
  }),
  // Of whole numbers: a fraction is rounded down first, so that no backend's rounding of a / b shows.
  define({
    name: 'floorDiv',
    signature: 'nn:n',
    value: wholeQuotient,
    bounds: (a, b) =>
      Math.floor(b.low) <= 0 && b.high >= 0 ? ANYTHING : atCorners(wholeQuotient)(floors(a), floors(b)),
  }),
  define({
    name: 'mod',
    signature: 'nn:n',
    value: (a, b) => Math.floor(a) - Math.floor(b) * wholeQuotient(a, b),
    bounds(a, b) {
      const [by, to] = [Math.floor(b.low), Math.floor(b.high)];
      if (by <= 0 && to >= 0) return ANYTHING;
      const [low, high] = [Math.floor(a.low), Math.floor(a.high)];
      const start = by * Math.floor(low / by);
      if (by === to && Math.floor(low / by) === Math.floor(high / by)) return between(low - start, high - start, true);
      return between(Math.min(0, by + 1), Math.max(0, to - 1), true);
    },
  }),
  compare(
    'lt',
    (a, b) => a < b,
    below,
    (a, b) => atMost(b, a),
  ),
  compare(
    'le',
    (a, b) => a <= b,
    atMost,
    (a, b) => below(b, a),
  ),
  compare('eq', (a, b) => a === b, isSame, apart),
  define({
    name: 'and',
    signature: 'tt:t',
    value: (a, b) => truth(a !== 0 && b !== 0),
    bounds: (a, b) => between(Math.min(a.low, b.low), Math.min(a.high, b.high), true),
  }),
  define({
    name: 'or',
    signature: 'tt:t',
    value: (a, b) => truth(a !== 0 || b !== 0),
    bounds: (a, b) => between(Math.max(a.low, b.low), Math.max(a.high, b.high), true),
  }),
  define({
    name: 'not',
    signature: 't:t',
    value: (a) => 1 - a,
    bounds: (a) => between(1 - a.high, 1 - a.low, true),
  }),
  define({
    name: 'select',
    signature: 'tnn:n',
    value: (condition, a, b) => (condition !== 0 ? a : b),
    bounds: (condition, a, b) =>
      condition.low === 1
        ? a
        : condition.high === 0
          ? b
          : between(Math.min(a.low, b.low), Math.max(a.high, b.high), a.whole && b.whole),
    derive: (to, gradient, [condition]) => [
      undefined,
      to.apply('select', condition, gradient, to.number(0)),
      to.apply('select', condition, to.number(0), gradient),
    ],
  }),
);

export type HookFunction = keyof typeof HOOK_FUNCTIONS;
