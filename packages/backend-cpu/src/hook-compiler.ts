import { argsOf, keyOf, neededSteps, type HookFunction, type Step, type Variable } from '@heed/core';
import { exp } from './exp.js';
import { tanh } from './tanh.js';

/**
 * Steps of hooks compiled to JavaScript: a function that goes along part of a row of a tile. What doesn't depend on the key stands
 * before the loop. Sizes of captured tensors are arguments, so that one function serves all lengths.
 */

/** Where a row of a tile lies: numbers from `at` on, `step` apart, of keys [key, key + cols). */
interface RowPlace {
  readonly at: number;
  readonly step: number;
  readonly cols: number;
  readonly batch: number;
  readonly head: number;
  readonly query: number;
  readonly key: number;
  readonly Tq: number;
  readonly Tk: number;
}

/** A row of numbers, and their gradients where there are any. */
interface RowData {
  /** What the hook gets. */
  readonly input: Float64Array;
  /** What takes up the result, or holds the gradient in it and takes up that in the input. */
  readonly output: Float64Array;
  /** Packed captures, and the sums of their gradients. */
  readonly captures: Float32Array;
  readonly dCaptures: Float64Array;
  /** For each captured tensor: its start, then its lengths. */
  readonly layout: Int32Array;
}

/** @returns whether all results are finite */
export type RowFunction = (place: RowPlace, data: RowData) => boolean;

/** What is wanted of a hook: its results, or its gradients. */
export interface Wanted {
  readonly steps: readonly Step[];
  /** Step that goes to `output`; undefined for a gradient of 0. */
  readonly result: number | undefined;
  /** Gradients that are summed up where they were read. */
  readonly reads: readonly { readonly read: number; readonly gradient: number }[];
  /** Whether positions whose output is 0 are passed over, as nothing comes of them. */
  readonly skipsZeros: boolean;
  /** Where the description of each captured tensor begins in `layout`, and how many axes it has. */
  readonly captures: readonly { readonly layout: number; readonly rank: number }[];
}

const MOST = 256;
const compiled = new Map<string, RowFunction>();

/** The function for what is wanted; undefined where code may not be made of strings (Content-Security-Policy). */
export function compileRow(wanted: Wanted): RowFunction | undefined {
  const { steps, result, reads, skipsZeros, captures } = wanted;
  const key = keyOf(
    steps,
    result,
    skipsZeros ? 1 : 0,
    ...reads.flatMap(({ read, gradient }) => [read, gradient]),
    ...captures.map(({ rank }) => rank),
  );
  let found = compiled.get(key);
  if (found === undefined && mayCompile()) {
    // oxlint-disable-next-line no-implied-eval -- made of numbers and of the names below alone
    const make = new Function('exp', 'tanh', sourceOf(wanted)) as (...env: unknown[]) => RowFunction;
    found = make(exponential, tanh);
    if (compiled.size >= MOST) compiled.delete(compiled.keys().next().value!);
    compiled.set(key, found);
  }
  return found;
}

/** `exp` is for numbers up to 709 alone. */
const exponential = (x: number): number => (x <= 700 ? exp(x) : Math.exp(x));

let allowed: boolean | undefined;

function mayCompile(): boolean {
  if (allowed === undefined) {
    try {
      // oxlint-disable-next-line no-implied-eval, no-new -- asks whether it may
      new Function('');
      allowed = true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

function sourceOf({ steps, result, reads, skipsZeros, captures }: Wanted): string {
  const results = [
    ...(result === undefined ? [] : [result]),
    ...reads.flatMap(({ read, gradient }) => [read, gradient]),
  ];
  const needed = neededSteps(steps, results);
  const whole = wholeSteps(steps);
  const varies: boolean[] = [];
  const before: string[] = [];
  const inside: string[] = [];
  for (const [n, step] of steps.entries()) {
    const own = step.kind === 'input' || step.kind === 'cotangent' || (step.kind === 'variable' && step.name === 'key');
    varies[n] = own || argsOf(step).some((arg) => varies[arg]);
    if (needed.has(n)) (varies[n] ? inside : before).push(...linesOf(steps, n, whole, captures));
  }
  const layout = captures.flatMap(({ layout, rank }, capture) =>
    Array.from({ length: rank + 1 }, (_, n) => `const c${capture}_${n} = layout[${layout + n}];`),
  );
  const sums = reads.map(({ read, gradient }) => `if (p${read} >= 0) dCaptures[p${read}] += v${gradient};`);
  return `'use strict';
return ({ at, step, cols, batch, head, query, key: first, Tq, Tk }, { input, output, captures, dCaptures, layout }) => {
  ${[...layout, ...before].join('\n  ')}
  let finite = true;
  for (let n = 0, key = first; n < cols; n++, key++, at += step) {
    ${skipsZeros ? 'if (output[at] === 0) continue;' : ''}
    ${inside.join('\n    ')}
    ${sums.join('\n    ')}
    const y = ${result === undefined ? '0' : `v${result}`};
    if (!(Math.abs(y) <= 3.4e38)) finite = false;
    output[at] = y;
  }
  return finite;
};`;
}

/** Which steps are whole numbers for sure, so that as indices they need no rounding. */
function wholeSteps(steps: readonly Step[]): boolean[] {
  const whole: boolean[] = [];
  for (const [n, step] of steps.entries()) {
    whole[n] =
      step.kind === 'variable' ||
      (step.kind === 'number' && Number.isInteger(step.value)) ||
      (step.kind === 'apply' && WHOLE.has(step.name) && step.args.every((arg) => whole[arg]));
  }
  return whole;
}

const WHOLE: ReadonlySet<HookFunction> = new Set(['add', 'sub', 'mul', 'neg', 'abs', 'min', 'max', 'floorDiv', 'mod']);

function linesOf(
  steps: readonly Step[],
  n: number,
  whole: readonly boolean[],
  captures: Wanted['captures'],
): readonly string[] {
  const { [n]: step } = steps;
  switch (step.kind) {
    case 'number':
      return [`const v${n} = ${Object.is(step.value, -0) ? '-0' : step.value};`];
    case 'variable':
      return [`const v${n} = ${VARIABLE_NAMES[step.name]};`];
    case 'input':
      return [`const v${n} = input[at];`];
    case 'cotangent':
      return [`const v${n} = output[at];`];
    case 'apply': {
      const [a, b, c] = step.args.map((arg) => `v${arg}`);
      return [`const v${n} = ${FORMULAS[step.name](a, b, c)};`];
    }
    case 'read': {
      const { capture, indices } = step;
      const at = indices.map((index) => (whole[index] ? `v${index}` : `Math.floor(v${index})`));
      const inside = at.map((index, axis) => `${index} >= 0 && ${index} < c${capture}_${axis + 1}`);
      const place = at.reduce((sum, index, axis) => `(${sum}) * c${capture}_${axis + 1} + ${index}`, '0');
      const condition = captures[capture].rank === 0 ? 'true' : inside.join(' && ');
      return [
        `const p${n} = ${condition} ? c${capture}_0 + ${place} : -1;`,
        `const v${n} = p${n} < 0 ? NaN : captures[p${n}];`,
      ];
    }
  }
}

const VARIABLE_NAMES: { readonly [Name in Variable]: string } = {
  batch: 'batch',
  head: 'head',
  query: 'query',
  key: 'key',
  Tq: 'Tq',
  Tk: 'Tk',
};

type Formula = (a: string, b: string, c: string) => string;

const quotient: Formula = (a, b) => `Math.floor(Math.floor(${a}) / Math.floor(${b}))`;

/** Truth values are booleans here. */
const FORMULAS: { readonly [Name in HookFunction]: Formula } = {
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
  neg: (a) => `-${a}`,
  abs: (a) => `Math.abs(${a})`,
  min: (a, b) => `Math.min(${a}, ${b})`,
  max: (a, b) => `Math.max(${a}, ${b})`,
  exp: (a) => `exp(${a})`,
  log: (a) => `Math.log(${a})`,
  tanh: (a) => `tanh(${a})`,
  sigmoid: (a) => `1 / (1 + exp(-${a}))`,
  sqrt: (a) => `Math.sqrt(${a})`,
  pow: (a, b) => `${a} ** ${b}`,
  floorDiv: quotient,
  mod: (a, b, c) => `Math.floor(${a}) - Math.floor(${b}) * ${quotient(a, b, c)}`,
  lt: (a, b) => `${a} < ${b}`,
  le: (a, b) => `${a} <= ${b}`,
  eq: (a, b) => `${a} === ${b}`,
  and: (a, b) => `${a} && ${b}`,
  or: (a, b) => `${a} || ${b}`,
  not: (a) => `!${a}`,
  select: (condition, a, b) => `${condition} ? ${a} : ${b}`,
};
