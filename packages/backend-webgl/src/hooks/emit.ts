import {
  argsOf,
  HOOK_FUNCTIONS,
  neededSteps,
  type HookFunction,
  type HookPart,
  type Step,
  type Variable,
} from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Pass } from '../draw.js';
import type { Scope } from '../scope.js';
import { FORMULAS, libraryOf } from './formulas.js';

/**
 * Steps of hooks as code of shaders: of row i and keys j … j + 3, four numbers at a time. Sizes of captured tensors are uniforms, and steps
 * are numbered anew by what is needed of them, so that hooks of the same structure have the same programs.
 */

/** What a pass adds for the code. */
export type HookUniforms = Required<Pick<Pass, 'inputs' | 'integers'>>;

/** Uniforms of code that reads captured tensors: where each lies in the packed ones, which are grid C, and the lengths. */
export function hookUniforms(
  scope: Scope,
  { captures }: HookPart,
  packed: TensorInfo | undefined,
  { queries, keys }: { readonly queries: number; readonly keys: number },
): HookUniforms {
  const integers: Record<string, number> = { queries, keys, nought: 0 };
  for (const [capture, { start, shape }] of captures.entries()) {
    integers[startOf(capture)] = start;
    for (const [axis, length] of shape.entries()) integers[lengthOf(capture, axis)] = length;
  }
  return { inputs: captures.length > 0 ? { C: scope.flat(packed!) } : {}, integers };
}

const startOf = (capture: number): string => `capture${capture}`;
export const lengthOf = (capture: number, axis: number): string => `capture${capture}_${axis}`;

/** What code makes of steps. */
type Result =
  /** A number, or a truth value. */
  | { readonly kind: 'value'; readonly step: number }
  /** One of several numbers, by the uniform `which`; undefined for 0. */
  | { readonly kind: 'which'; readonly steps: readonly (number | undefined)[] }
  /** Place of a step of kind 'read' among the cells of its tensor, −1 outside. */
  | { readonly kind: 'place'; readonly step: number };

/** Code of `TYPE name(int b, int h, int i, int j, vec4 x, vec4 d)`, of the input x and the cotangent d. */
export function hookCode(steps: readonly Step[], name: string, result: Result): string {
  const results = result.kind === 'which' ? result.steps.filter((step) => step !== undefined) : [result.step];
  const lines: string[] = [];
  const names: string[] = [];
  const varies = steps.map(() => false);
  const wanted = result.kind === 'place' ? argsOf(steps[result.step]) : results;
  const needed = neededSteps(steps, wanted);
  let count = 0;
  for (const [n, step] of steps.entries()) {
    if (!needed.has(n)) continue;
    names[n] = `v${count++}`;
    const own = step.kind === 'input' || step.kind === 'cotangent' || (step.kind === 'variable' && step.name === 'key');
    varies[n] = own || argsOf(step).some((arg) => varies[arg]);
    lines.push(...linesOf(step, names, n, varies[n]));
  }
  return `${type(steps, result)} ${name}(int b, int h, int i, int j, vec4 x, vec4 d) {
  ${[...lines, ...returned(steps, names, result)].join('\n  ')}
}`;
}

/** Code that the functions of hooks call, besides `FLOATS`. */
export function hookLibrary(steps: readonly Step[], results: readonly number[]): string {
  const needed = neededSteps(steps, results);
  const functions = new Set<HookFunction>();
  let reads = false;
  for (const [n, step] of steps.entries()) {
    if (step.kind === 'apply' && needed.has(n)) functions.add(step.name);
    if (step.kind === 'read' && needed.has(n)) reads = true;
  }
  return `${libraryOf(functions)}${PLACES}${reads ? READS : ''}`;
}

const PLACES = `
void along(inout ivec4 place, inout bvec4 inside, vec4 index, int length_) {
  ivec4 at = ivec4(clamp(floor(mix(index, vec4(-1.0), isNaN(index))), -1.0, 2147483520.0));
  inside = both(inside, both(greaterThanEqual(at, ivec4(0)), lessThan(at, ivec4(length_))));
  place = place * length_ + at;
}
ivec4 orNowhere(ivec4 place, bvec4 inside) {
  return ivec4(inside.x ? place.x : -1, inside.y ? place.y : -1, inside.z ? place.z : -1, inside.w ? place.w : -1);
}`;

const READS = `
float captured(int place) { return place < 0 ? notANumber() : texelFetch(C0, spotC(place), 0).r; }
vec4 captured(ivec4 place) {
  return vec4(captured(place.x), captured(place.y), captured(place.z), captured(place.w));
}`;

const type = (steps: readonly Step[], result: Result): string =>
  result.kind === 'place' ? 'ivec4' : result.kind === 'value' && isTruth(steps[result.step]) ? 'bvec4' : 'vec4';

const isTruth = (step: Step): boolean => step.kind === 'apply' && HOOK_FUNCTIONS[step.name].signature.endsWith('t');

function returned(steps: readonly Step[], names: readonly string[], result: Result): string[] {
  if (result.kind === 'value') return [`return ${names[result.step]};`];
  if (result.kind === 'place') return [...placeLines(steps[result.step], names, 'p', ''), 'return p;'];
  const nameOf = (step: number | undefined): string => (step === undefined ? 'vec4(0.0)' : names[step]);
  return result.steps.map((step, n) =>
    n === result.steps.length - 1 ? `return ${nameOf(step)};` : `if (which == ${n}) return ${nameOf(step)};`,
  );
}

function linesOf(step: Step, names: readonly string[], n: number, varies: boolean): string[] {
  const { [n]: name } = names;
  switch (step.kind) {
    case 'number':
      return [`vec4 ${name} = vec4(${literal(step.value)});`];
    case 'variable':
      return [`vec4 ${name} = ${VARIABLES[step.name]};`];
    case 'input':
      return [`vec4 ${name} = x;`];
    case 'cotangent':
      return [`vec4 ${name} = d;`];
    case 'apply': {
      const [a, b, c] = step.args.map((arg) => names[arg]);
      return [`${isTruth(step) ? 'bvec4' : 'vec4'} ${name} = ${FORMULAS[step.name].code(a, b, c)};`];
    }
    case 'read': {
      const place = `${name}Place`;
      const at = varies ? place : `${place}.x`;
      return [
        ...placeLines(step, names, place, ` + ${startOf(step.capture)}`),
        `vec4 ${name} = vec4(captured(${at}));`,
      ];
    }
  }
}

function placeLines(step: Step, names: readonly string[], place: string, plus: string): string[] {
  const { capture, indices } = step as Extract<Step, { kind: 'read' }>;
  return [
    `ivec4 ${place} = ivec4(0);`,
    `bvec4 ${place}Inside = bvec4(true);`,
    ...indices.map((index, axis) => `along(${place}, ${place}Inside, ${names[index]}, ${lengthOf(capture, axis)});`),
    `${place} = orNowhere(${place}${plus}, ${place}Inside);`,
  ];
}

/**
 * A float32 number by its bits, as a driver may read digits in another way and has no words for infinities. A zero isn't told before it
 * runs, since compilers take x · 0 for 0, whatever x is.
 */
function literal(value: number): string {
  const [bits] = new Uint32Array(Float32Array.of(value).buffer);
  return `uintBitsToFloat(0x${bits.toString(16)}u${value === 0 ? ' | uint(nought)' : ''})`;
}

const VARIABLES: { readonly [Name in Variable]: string } = {
  batch: 'vec4(b)',
  head: 'vec4(h)',
  query: 'vec4(i)',
  key: 'vec4(ivec4(j, j + 1, j + 2, j + 3))',
  Tq: 'vec4(queries)',
  Tk: 'vec4(keys)',
};
