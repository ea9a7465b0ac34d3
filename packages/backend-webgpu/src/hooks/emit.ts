import {
  argsOf,
  HOOK_FUNCTIONS,
  neededSteps,
  type HookFunction,
  type HookPart,
  type Step,
  type Variable,
} from '@heed/core';
import { FORMULAS } from './formulas.js';

/**
 * Steps of hooks as WGSL, of one position. Sizes of captured tensors are uniforms, and steps are numbered anew by what is needed of them, so
 * that hooks of the same structure have the same programs.
 */

/** Uniforms of code that reads captured tensors: where each lies in the packed ones, and the lengths of its axes. */
export function captureIntegers({ captures }: HookPart, hook: string): Record<string, number> {
  const integers: Record<string, number> = {};
  for (const [capture, { start, shape }] of captures.entries()) {
    integers[startOf(hook, capture)] = start;
    for (const [axis, length] of shape.entries()) integers[lengthOf(hook, capture, axis)] = length;
  }
  return integers;
}

export const startOf = (hook: string, capture: number): string => `${hook}Start${capture}`;
export const lengthOf = (hook: string, capture: number, axis: number): string => `${hook}Length${capture}_${axis}`;

/** Functions of steps. */
export function functionsOf(steps: readonly Step[]): HookFunction[] {
  return steps.flatMap((step) => (step.kind === 'apply' ? [step.name] : []));
}

/** Code of `fn name(b: i32, h: i32, i: i32, j: i32, x: f32, d: f32)`, of the input x and the cotangent d: the number, or truth value, of a step. */
export const valueCode = (steps: readonly Step[], hook: string, name: string, result: number): string =>
  code(steps, hook, name, [result], isTruth(steps[result]!) ? 'bool' : 'f32', (names) => names[result]!);

/** Code of the same, of the place of a step of kind 'read' among the cells of its tensor, −1 outside. */
export function placeCode(steps: readonly Step[], hook: string, name: string, read: number): string {
  const { [read]: step } = steps;
  return code(steps, hook, name, argsOf(step!), 'i32', (names) => placeOf(step as Read, hook, names));
}

type Read = Extract<Step, { kind: 'read' }>;

/** What places and literals are made with; `Captures` has to be bound where `reads` is said. */
export const hookHelpers = (reads: boolean): string => `
fn indexAlong(index: f32, length: i32) -> i32 {
  let at = i32(clamp(floor(select(index, -1.0, isNaN(index))), -1.0, 2147483520.0));
  return select(-1, at, at < length);
}
fn joinedPlace(place: i32, length: i32, at: i32) -> i32 { return select(place * length + at, -1, (place < 0) | (at < 0)); }
${
  reads
    ? `fn captured(start: i32, place: i32) -> f32 {
  if (place < 0) { return notANumber(); }
  return Captures[start + place];
}`
    : ''
}`;

function code(
  steps: readonly Step[],
  hook: string,
  name: string,
  wanted: readonly number[],
  type: string,
  result: (names: readonly string[]) => string,
): string {
  const lines: string[] = [];
  const names: string[] = [];
  const needed = neededSteps(steps, wanted);
  let count = 0;
  for (const [n, step] of steps.entries()) {
    if (!needed.has(n)) continue;
    names[n] = `v${count++}`;
    lines.push(`let ${names[n]} = ${expressionOf(step, hook, names)};`);
  }
  return `fn ${name}(b: i32, h: i32, i: i32, j: i32, x: f32, d: f32) -> ${type} {
  ${lines.join('\n  ')}
  return ${result(names)};
}`;
}

const isTruth = (step: Step): boolean => step.kind === 'apply' && HOOK_FUNCTIONS[step.name].signature.endsWith('t');

function expressionOf(step: Step, hook: string, names: readonly string[]): string {
  switch (step.kind) {
    case 'number':
      return literal(step.value);
    case 'variable':
      return `f32(${VARIABLES[step.name]})`;
    case 'input':
      return 'x';
    case 'cotangent':
      return 'd';
    case 'apply': {
      const [a, b, c] = step.args.map((arg) => names[arg]!) as [string, string, string];
      return FORMULAS[step.name].code(a, b, c);
    }
    case 'read':
      return `captured(u.${startOf(hook, step.capture)}, ${placeOf(step, hook, names)})`;
  }
}

const placeOf = ({ capture, indices }: Read, hook: string, names: readonly string[]): string =>
  indices.reduce((place, index, axis) => {
    const length = `u.${lengthOf(hook, capture, axis)}`;
    return `joinedPlace(${place}, ${length}, indexAlong(${names[index]}, ${length}))`;
  }, '0');

/**
 * A float32 number by its bits. What isn't finite, and a zero, aren't told before it runs: WGSL refuses constants of the former, and compilers
 * take x · 0 for 0, whatever x is.
 */
function literal(value: number): string {
  const [bits = 0] = new Uint32Array(Float32Array.of(value).buffer);
  const isPlain = Number.isFinite(Math.fround(value)) && value !== 0;
  return `bitcast<f32>(0x${bits.toString(16)}u${isPlain ? '' : ' | u32(u.nought)'})`;
}

const VARIABLES: { readonly [Name in Variable]: string } = {
  batch: 'b',
  head: 'h',
  query: 'i',
  key: 'j',
  Tq: 'u.queries',
  Tk: 'u.keys',
};
