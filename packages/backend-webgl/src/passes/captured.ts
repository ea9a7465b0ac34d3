import {
  HOOK_AXES,
  dependenciesOf,
  findersOf,
  type Axis,
  type Derivative,
  type Found,
  type HookPart,
  type Step,
} from '@heed/core';
import { origin, type Chunk } from '../chunks.js';
import { FLOATS } from '../glsl.js';
import type { Grid, TensorGrid } from '../grid.js';
import { hookCode, hookLibrary, lengthOf, type HookUniforms } from '../hooks/emit.js';
import type { Scope } from '../scope.js';
import { columnSums, partOf, rowSums } from './sums.js';

/** A tensor of zeros, as sums of gradients begin. */
export function zeros(scope: Scope, shape: readonly number[]): TensorGrid {
  const output = scope.flatOutput(shape);
  scope.draw({ inputs: {}, output, code: 'void compute(int n, int r, int c) { out0 = vec4(0.0); }' });
  return output;
}

/** A read of a captured tensor, and where the hook that reads runs. */
interface Reading {
  readonly part: HookPart;
  readonly steps: readonly Step[];
  readonly read: Derivative['reads'][number]['read'];
  readonly uniforms: HookUniforms;
  readonly sizes: { readonly batch: number; readonly heads: number };
  readonly chunk: Chunk;
}

/**
 * Adds a chunk's gradients in what was read to their cells. Textures can't be scattered to, so each cell looks for the positions that read
 * it: gradients are summed over the axes that no index depends on, an index that is a variable and something known tells the variable,
 * and of others all values are tried.
 *
 * @param gradients tiles; @param input what the hook changes, which an index may depend on
 * @returns the sums with these, in place of `before`
 */
export function addCaptured(
  scope: Scope,
  { part, steps, read, uniforms, sizes, chunk }: Reading,
  gradients: Grid,
  input: Grid,
  before: TensorGrid,
): TensorGrid {
  const { capture, indices } = steps[read] as Extract<Step, { kind: 'read' }>;
  const { start, shape } = part.captures[capture];
  const { variables, onInput } = dependenciesOf(steps, indices);
  const finders = findersOf(steps, indices);
  const isSummed = (variable: Axis): boolean => !onInput && !variables.has(variable);
  const [overRows, overColumns] = [isSummed('query'), isSummed('key')];
  const partial = overColumns ? rowSums(scope, gradients) : overRows ? columnSums(scope, gradients) : gradients;
  const output = scope.flatOutput(before.tensor.shape);
  const cells = shape.reduce((size, length) => size * length, 1);
  scope.draw({
    inputs: { ...uniforms.inputs, X: partial, B: before, ...(onInput && { R: input }) },
    integers: { ...uniforms.integers, ...origin(chunk), count: chunk.count, ...sizes, start, cells },
    output,
    code: `${FLOATS}
${hookLibrary(steps, indices)}
${hookCode(steps, 'placeOf', { kind: 'place', step: read })}
${finders.map(({ by }) => (by ? hookCode(steps, `index${by.axis}`, { kind: 'value', step: indices[by.axis] }) : '')).join('\n')}
${partOf(overRows, overColumns)}
void compute(int n, int r, int c) {
  float sum = texelFetch(B0, spotB(c), 0).r;
  int cell = c - start;
  if (cell >= 0 && cell < cells) {
    int rest = cell;
    ${shape
      .map((_, axis) => axis)
      .toReversed()
      .map((axis) => `int cell${axis} = rest % ${lengthOf(capture, axis)}; rest /= ${lengthOf(capture, axis)};`)
      .join('\n    ')}
    int b = 0, h = 0, i = 0, j = 0;
    ${loops(
      orderOf(finders, onInput, isSummed),
      `
      int n = b * heads + h - firstN;
      if (n < 0 || n >= count) continue;
      vec4 x = ${onInput ? 'vec4(tileR(atR(n, (i >> 2) - firstRow, j >> 2))[i & 3][j & 3])' : 'vec4(0.0)'};
      if (placeOf(b, h, i, j, x, vec4(0.0)).x == cell) sum += partAt(n, i, j);`,
    )}
  }
  out0 = vec4(sum, 0.0, 0.0, 0.0);
}`,
  });
  if (partial !== gradients) scope.free(partial);
  scope.discard(before);
  return output;
}

/** How each variable is gone through: those that no index depends on too, unless they are summed over already. */
function orderOf(finders: readonly Found[], onInput: boolean, isSummed: (variable: Axis) => boolean): Found[] {
  const others = HOOK_AXES.filter((variable) => !finders.some((found) => found.variable === variable));
  const tried = others.filter(
    (variable) => onInput || variable === 'batch' || variable === 'head' || !isSummed(variable),
  );
  return [...finders, ...tried.map((variable) => ({ variable }))];
}

const NAMES: { readonly [Name in Axis]: string } = { batch: 'b', head: 'h', query: 'i', key: 'j' };

/** First and last value of each variable in a chunk. */
const RANGES: { readonly [Name in Axis]: readonly [string, string] } = {
  batch: ['firstN / heads', '(firstN + count - 1) / heads'],
  head: ['0', 'heads - 1'],
  query: ['4 * firstRow', 'min(queries, 4 * (firstRow + sizeX.x)) - 1'],
  key: ['0', 'keys - 1'],
};

function loops(order: readonly Found[], body: string): string {
  if (order.length === 0) return body;
  const [{ variable, by }, ...inner] = order;
  const name = NAMES[variable];
  const [first, last] = RANGES[variable];
  if (by === undefined) return `for (${name} = ${first}; ${name} <= ${last}; ${name}++) { ${loops(inner, body)} }`;
  // With the variable at 0 the index is what is known of it.
  const known = `int(index${by.axis}(b, h, i, j, vec4(0.0), vec4(0.0)).x)`;
  const told = by.slope === 1 ? `cell${by.axis} - ${known}` : `${known} - cell${by.axis}`;
  return `${name} = 0;
    int ${name}Told = ${told};
    for (${name} = max(${first}, ${name}Told); ${name} <= min(${last}, ${name}Told); ${name}++) { ${loops(inner, body)} }`;
}
