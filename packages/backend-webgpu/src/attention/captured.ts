import {
  HOOK_AXES,
  derivativeOf,
  findersOf,
  type Axis,
  type Derivative,
  type Found,
  type HookPart,
  type Step,
} from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { lengthOf, placeCode, startOf, valueCode } from '../hooks/emit.js';
import { nameOf } from '../hooks/score-hooks.js';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { rowCode, type Cotangents } from './row-means.js';
import type { Scores } from './scores.js';
import { INVOCATIONS, SUM, rowReading, vectors } from './tiles.js';
import { pairCode } from './weights.js';

/** Gradients in the packed captures of hooks, each read of them in a pass of its own. */
export function captureGradients(
  scope: Scope,
  scores: Scores,
  rows: TensorInfo,
  cotangents: Cotangents,
  captures: TensorInfo,
): TensorInfo {
  const output = scope.output(captures.shape);
  scope.run({
    label: 'zeros',
    inputs: {},
    outputs: { Y: output },
    integers: { count: captures.shape[0]! },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(captures.shape[0]! / INVOCATIONS)),
    code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (n < u.count) { Y[n] = 0.0; }
}`,
  });
  for (const hook of ['scoreHook', 'weightHook'] as const) {
    const part = scores.hooks[hook];
    if (!part) continue;
    for (const reading of derivativeOf(part.program).reads) {
      addRead(scope, scores, rows, cotangents, { hook, part, reading }, output);
    }
  }
  return output;
}

interface Read {
  readonly hook: 'scoreHook' | 'weightHook';
  readonly part: HookPart;
  readonly reading: Derivative['reads'][number];
}

/**
 * Adds the gradients in what was read to their cells. Nobody adds to what others add to, so each cell has a workgroup, which looks for the positions that
 * read it: an index that is a variable and something known tells the variable, and of others all values are tried.
 */
function addRead(
  scope: Scope,
  scores: Scores,
  rows: TensorInfo,
  { dContext, dWeights }: Cotangents,
  { hook, part, reading: { read, gradient } }: Read,
  output: TensorInfo,
): void {
  const { valueWidth } = scores.sizes;
  const name = nameOf(hook);
  const { steps } = derivativeOf(part.program);
  const { capture, indices } = steps[read] as Extract<Step, { kind: 'read' }>;
  const { shape } = part.captures[capture]!;
  const cells = shape.reduce((size, length) => size * length, 1);
  const finders = findersOf(steps, indices);
  scope.run({
    label: 'gradients in captures',
    inputs: { ...scores.inputs, V: scores.value, G: dContext, R: rows, ...(dWeights && { W: dWeights }) },
    outputs: { Y: output },
    integers: { ...scores.integers, cells },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(cells),
    code: `${scores.code}
${FLAT_GROUP}
${SUM}
${rowCode(dWeights !== undefined)}
${pairCode(scores)}
${rowReading('V', valueWidth)}
${rowReading('G', valueWidth)}
${placeCode(steps, name, 'placeRead', read)}
${valueCode(steps, name, 'gradientRead', gradient)}
${finders.map(({ by }) => (by ? valueCode(steps, name, `indexOf${by.axis}`, indices[by.axis]!) : '')).join('\n')}
fn gradientAt(b: i32, h: i32, i: i32, j: i32, cell: i32) -> f32 {
  let place = (b * u.heads + h) * u.queries + i;
  let key = keyHead(b, h) * u.keys + j;
  let product = pairOf(place, key);
  let score = scoreOf(b, h, i, j, product);
  if (isMasked(score)) { return 0.0; }
  let weight = rowWeight(place, score);
  let x = ${hook === 'scoreHook' ? 'capped(product) + bias(b, h, i, j)' : 'weight'};
  if (placeRead(b, h, i, j, x, 0.0) != cell) { return 0.0; }
  var inContext = 0.0;
  for (var d = 0; d < ${vectors(valueWidth)}; d++) {
    inContext += dot(readG(place * ${valueWidth}, d), readV(key * ${valueWidth}, d));
  }
  let d = ${hook === 'scoreHook' ? 'gradientOf(b, h, i, j, place, weight, inContext)' : 'inWeightOf(place, j, inContext)'};
  if (d == 0.0) { return 0.0; }
  return gradientRead(b, h, i, j, x, d);
}
fn compute(group: vec3u, local: u32) {
  let cell = i32(flatGroup(group));
  if (cell >= u.cells) { return; }
  var rest = cell;
  ${shape
    .map((_, axis) => axis)
    .toReversed()
    .map((axis) => `let cell${axis} = rest % ${length(name, capture, axis)}; rest /= ${length(name, capture, axis)};`)
    .join('\n  ')}
  var b = 0;
  var h = 0;
  var i = 0;
  var j = 0;
  var sum = 0.0;
  ${loops(orderOf(finders))}
  let whole = summed(sum, local);
  if (local == 0u) { Y[u.${startOf(name, capture)} + cell] += whole; }
}`,
  });
}

const length = (name: string, capture: number, axis: number): string => `u.${lengthOf(name, capture, axis)}`;

/** How each variable is gone through. */
function orderOf(finders: readonly Found[]): Found[] {
  const others = HOOK_AXES.filter((variable) => !finders.some((found) => found.variable === variable));
  return [...finders, ...others.map((variable) => ({ variable }))];
}

const NAMES: { readonly [Name in Axis]: string } = { batch: 'b', head: 'h', query: 'i', key: 'j' };
const COUNTS: { readonly [Name in Axis]: string } = {
  batch: 'u.batch',
  head: 'u.heads',
  query: 'u.queries',
  key: 'u.keys',
};

function loops(order: readonly Found[]): string {
  const isTried = (variable: Axis): boolean => order.some((one) => one.variable === variable && one.by === undefined);
  // The invocations take turns at the values of one variable: the one that likely has most.
  const shared = (['key', 'query', 'head', 'batch'] as const).find(isTried);
  const code = order.toReversed().reduce((body, { variable, by }) => {
    const [name, count] = [NAMES[variable], COUNTS[variable]];
    if (by === undefined) {
      const [start, step] = variable === shared ? ['i32(local)', INVOCATIONS] : ['0', 1];
      return `for (${name} = ${start}; ${name} < ${count}; ${name} += ${step}) { ${body} }`;
    }
    // With the variable at 0 the index is what is known of it.
    return `${name} = 0;
  let ${name}Known = i32(indexOf${by.axis}(b, h, i, j, 0.0, 0.0));
  ${name} = ${by.slope === 1 ? `cell${by.axis} - ${name}Known` : `${name}Known - cell${by.axis}`};
  if (${name} >= 0 && ${name} < ${count}) { ${body} }
  ${name} = 0;`;
  }, 'sum += gradientAt(b, h, i, j, cell);');
  // Where each variable is told, one invocation has the one position.
  return shared === undefined ? `if (local == 0u) { ${code} }` : code;
}
