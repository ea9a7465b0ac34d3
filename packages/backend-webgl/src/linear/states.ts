import { eachRow } from '../glsl.js';
import type { Grid } from '../grid.js';
import type { Scope } from '../scope.js';
import { CHUNK, JOINED, advance, retreat, type BackSteps, type Steps } from './recurrence.js';

/** Sizes of states: rows of batch and key heads, and tiles of a state. */
export interface StateSizes {
  readonly heads: number;
  readonly keyHeads: number;
  /** B·Hk */
  readonly rows: number;
  /** Tiles of D, and of the columns. */
  readonly widthTiles: number;
  readonly columnTiles: number;
  /** Steps, up to a whole tile, and chunks of them. */
  readonly steps: number;
  readonly chunks: number;
}

/** Uniforms of passes over states. */
export const stateIntegers = ({ heads, keyHeads, widthTiles, columnTiles, steps }: StateSizes) => ({
  heads,
  keyHeads,
  group: heads / keyHeads,
  widthTiles,
  columnTiles,
  allSteps: steps,
});

/** Grids of states: [n, B·Hk · tiles of D, tiles of columns]. */
export const stateGrid = (scope: Scope, n: number, { rows, widthTiles, columnTiles }: StateSizes): Grid =>
  scope.grid(n, rows * widthTiles, columnTiles, 4);

/** State n of several, alone. */
export const stateAt = (states: Grid, n: number): Grid => ({
  ...states,
  n: 1,
  offset: states.offset + n * states.rows * states.columns,
});

/** Code of a pass over the tiles of states: n is the chunk, m the row, d and c the tile. */
const PLACE = `
  int m = r / widthTiles, d = r - m * widthTiles;
  int first = n * ${CHUNK}, end = min(first + ${CHUNK}, allSteps);`;

/** What each chunk adds to a state, from 0 at its start. */
function chunkWrites(scope: Scope, steps: Steps, sizes: StateSizes): Grid {
  const output = stateGrid(scope, sizes.chunks, sizes);
  scope.draw({
    inputs: { ...steps },
    integers: stateIntegers(sizes),
    output,
    code: `${JOINED}
void compute(int n, int r, int c) {
  ${PLACE}
  mat4 s = mat4(0.0);
  ${advance(steps, 'first', 'end')}
  ${eachRow('out# = s[#];')}
}`,
  });
  return output;
}

/** What each chunk adds to the gradient in a state, from 0 at its end. */
function chunkReads(scope: Scope, steps: BackSteps, sizes: StateSizes): Grid {
  const output = stateGrid(scope, sizes.chunks, sizes);
  scope.draw({
    inputs: { ...steps },
    integers: stateIntegers(sizes),
    output,
    code: `${JOINED}
void compute(int n, int r, int c) {
  ${PLACE}
  mat4 e = mat4(0.0);
  ${retreat(steps, 'end - 1', 'first')}
  ${eachRow('out# = e[#];')}
}`,
  });
  return output;
}

/** What a chunk leaves of each row of a state: [chunks, B·Hk, tiles of D], four rows a texel. */
function chunkDecays(scope: Scope, decay: Grid, sizes: StateSizes): Grid {
  const output = scope.grid(sizes.chunks, sizes.rows, sizes.widthTiles, 1);
  scope.draw({
    inputs: { A: decay },
    integers: stateIntegers(sizes),
    output,
    code: `
void compute(int n, int r, int c) {
  int first = n * ${CHUNK}, end = min(first + ${CHUNK}, allSteps);
  vec4 left = vec4(1.0);
  ivec2 at = atA(first, r, c);
  for (int t = first; t < end; t++) {
    left *= texelFetch(A0, at, 0);
    nextA(at);
  }
  out0 = left;
}`,
  });
  return output;
}

/** Parts of a sequence in order: what each adds to a state, and what it leaves of it, if there are decays. */
interface Parts {
  readonly added: Grid;
  readonly left: Grid | undefined;
}

/** Parts that are gone through at a time, so that a state is found in time that grows with the logarithm of their number. */
const PARTS = 16;

/** Code of `s` through parts [from, to): those at the other end come first on the way back. */
const through = ({ left }: Parts, from: string, to: string, isBack: boolean): string => `
  for (int p = ${from}; p < ${to}; p++) {
    int part = ${isBack ? 'parts - 1 - p' : 'p'};
    ${left ? 'vec4 a = texelFetch(L0, atL(part, m, d), 0);\n    s[0] *= a.x; s[1] *= a.y; s[2] *= a.z; s[3] *= a.w;' : ''}
    s += tileW(atW(part, r, c));
  }`;

/**
 * The states before each of n parts and after the last, n + 1 of them, in the order in which they are gone through. With `isBack`, parts are
 * gone through from the last to the first.
 */
function statesOf(scope: Scope, parts: Parts, start: Grid, sizes: StateSizes, isBack: boolean): Grid {
  const count = parts.added.n;
  const groups = Math.ceil((count + 1) / PARTS);
  const inputs = { W: parts.added, ...(parts.left && { L: parts.left }) };
  const integers = { ...stateIntegers(sizes), parts: count };
  const starts = groups === 1 ? start : startsOf(scope, parts, start, sizes, isBack, groups);
  const output = stateGrid(scope, count + 1, sizes);
  scope.draw({
    inputs: { ...inputs, S: starts },
    integers,
    output,
    code: `
void compute(int n, int r, int c) {
  int m = r / widthTiles, d = r - m * widthTiles, stretch = n / ${PARTS};
  mat4 s = tileS(atS(stretch, r, c));
  ${through(parts, `stretch * ${PARTS}`, 'n', isBack)}
  ${eachRow('out# = s[#];')}
}`,
  });
  if (starts !== start) scope.free(starts);
  return output;
}

/** The states before each group of parts. */
function startsOf(scope: Scope, parts: Parts, start: Grid, sizes: StateSizes, isBack: boolean, groups: number): Grid {
  const integers = { ...stateIntegers(sizes), parts: parts.added.n };
  const inputs = { W: parts.added, ...(parts.left && { L: parts.left }) };
  const added = stateGrid(scope, groups - 1, sizes);
  scope.draw({
    inputs,
    integers,
    output: added,
    code: `
void compute(int n, int r, int c) {
  int m = r / widthTiles, d = r - m * widthTiles;
  mat4 s = mat4(0.0);
  ${through(parts, `n * ${PARTS}`, `(n + 1) * ${PARTS}`, isBack)}
  ${eachRow('out# = s[#];')}
}`,
  });
  const left = parts.left && scope.grid(groups - 1, sizes.rows, sizes.widthTiles, 1);
  if (left) {
    scope.draw({
      inputs: { L: parts.left! },
      integers,
      output: left,
      code: `
void compute(int n, int r, int c) {
  vec4 a = vec4(1.0);
  for (int p = n * ${PARTS}; p < (n + 1) * ${PARTS}; p++) a *= texelFetch(L0, atL(${isBack ? 'parts - 1 - p' : 'p'}, r, c), 0);
  out0 = a;
}`,
    });
  }
  // Groups are gone through in the order that they now have.
  const states = statesOf(scope, { added, left }, start, sizes, false);
  scope.free(added, left);
  return states;
}

/** The states before each chunk and after the last: [chunks + 1, …]. */
export function chunkStates(scope: Scope, steps: Steps, initial: Grid, sizes: StateSizes): Grid {
  const added = chunkWrites(scope, steps, sizes);
  const left = steps.A && chunkDecays(scope, steps.A, sizes);
  const states = statesOf(scope, { added, left }, initial, sizes, false);
  scope.free(added, left);
  return states;
}

/** The gradients in the states after each chunk from the last, and before the first: [chunks + 1, …]. */
export function chunkGradients(scope: Scope, steps: BackSteps, last: Grid, sizes: StateSizes): Grid {
  const added = chunkReads(scope, steps, sizes);
  const left = steps.A && chunkDecays(scope, steps.A, sizes);
  const states = statesOf(scope, { added, left }, last, sizes, true);
  scope.free(added, left);
  return states;
}
