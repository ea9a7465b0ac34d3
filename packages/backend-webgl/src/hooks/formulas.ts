import type { HookFunction } from '@heed/core';
import { EXP, TANH } from '../glsl.js';
import { COMPARISONS, EXTREMES, LOG, LOGARITHM, POWER, QUOTIENT, ROOT } from './library.js';

/** Code that formulas call, each after what it calls itself. */
const LIBRARY = {
  comparisons: COMPARISONS,
  exp: EXP,
  tanh: TANH,
  extremes: EXTREMES,
  root: ROOT,
  quotient: QUOTIENT,
  logarithm: LOGARITHM,
  log: LOG,
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

/** Numbers are vec4, truth values bvec4. */
export const FORMULAS: { readonly [Name in HookFunction]: Formula } = {
  add: { code: (a, b) => `${a} + ${b}` },
  sub: { code: (a, b) => `${a} - ${b}` },
  mul: { code: (a, b) => `${a} * ${b}` },
  div: { code: (a, b) => `${a} / ${b}` },
  neg: { code: (a) => `-${a}` },
  abs: call('abs'),
  min: call('smaller', 'extremes'),
  max: call('larger', 'extremes'),
  exp: call('exponential', 'exp'),
  log: call('naturalLog', 'logarithm', 'log'),
  tanh: call('tangent', 'exp', 'tanh'),
  sigmoid: { code: (a) => `1.0 / (1.0 + exponential(-${a}))`, calls: ['exp'] },
  sqrt: call('root', 'root'),
  pow: call('power', 'exp', 'logarithm', 'power'),
  floorDiv: call('wholeQuotient', 'quotient'),
  mod: call('remainder', 'quotient'),
  lt: call('less', 'comparisons'),
  le: call('atMost', 'comparisons'),
  eq: call('same', 'comparisons'),
  and: call('both'),
  or: call('either'),
  not: call('not'),
  select: { code: (condition, a, b) => `mix(${b}, ${a}, ${condition})` },
};

/** The code that functions call, besides `FLOATS`. */
export function libraryOf(functions: Iterable<HookFunction>): string {
  const called = new Set([...functions].flatMap((name) => FORMULAS[name].calls ?? []));
  return (Object.keys(LIBRARY) as Part[])
    .filter((part) => called.has(part))
    .map((part) => LIBRARY[part])
    .join('\n');
}
