import type { HookFunction } from '@heed/core';
import { SIGMOID, TANH } from '../wgsl/functions.js';
import { COMPARISONS, EXTREMES, POWER, QUOTIENT, ROOT } from './library.js';

/** Code that formulas call. */
const LIBRARY = {
  comparisons: COMPARISONS,
  tanh: TANH,
  sigmoid: SIGMOID,
  extremes: EXTREMES,
  root: ROOT,
  quotient: QUOTIENT,
  power: POWER,
} as const;
type Part = keyof typeof LIBRARY;

/** A function of hooks as an expression of its arguments' names. */
interface Formula {
  readonly code: (a: string, b: string, c: string) => string;
  readonly calls?: readonly Part[];
}

const call = (name: string, ...calls: readonly Part[]): Formula => ({
  code: (...args) => `${name}(${args.filter((arg) => arg !== undefined).join(', ')})`,
  calls,
});

/** Numbers are f32, truth values bool. */
export const FORMULAS: { readonly [Name in HookFunction]: Formula } = {
  add: { code: (a, b) => `${a} + ${b}` },
  sub: { code: (a, b) => `${a} - ${b}` },
  mul: { code: (a, b) => `${a} * ${b}` },
  div: { code: (a, b) => `${a} / ${b}` },
  neg: { code: (a) => `-${a}` },
  abs: call('abs'),
  min: call('smaller', 'extremes'),
  max: call('larger', 'extremes'),
  exp: call('exponential'),
  log: call('logarithm'),
  tanh: call('tangent', 'tanh'),
  sigmoid: call('logistic', 'sigmoid'),
  sqrt: call('root', 'root'),
  pow: call('power', 'power'),
  floorDiv: call('wholeQuotient', 'quotient'),
  mod: call('remainder', 'quotient'),
  lt: call('less', 'comparisons'),
  le: call('atMost', 'comparisons'),
  eq: call('same', 'comparisons'),
  and: { code: (a, b) => `${a} & ${b}` },
  or: { code: (a, b) => `${a} | ${b}` },
  not: { code: (a) => `!${a}` },
  select: { code: (condition, a, b) => `select(${b}, ${a}, ${condition})` },
};

/** The code that functions call, besides `FLOATS`, `EXP` and `LOG`, and what is there already. */
export function libraryOf(functions: Iterable<HookFunction>, present: string): string {
  const called = new Set([...functions].flatMap((name) => FORMULAS[name].calls ?? []));
  return (Object.keys(LIBRARY) as Part[])
    .filter((part) => called.has(part) && !present.includes(LIBRARY[part]))
    .map((part) => LIBRARY[part])
    .join('\n');
}
