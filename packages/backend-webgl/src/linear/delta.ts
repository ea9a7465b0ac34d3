import { eachRow } from '../glsl.js';
import type { Grid } from '../grid.js';
import type { Scope } from '../scope.js';
import { CHUNK, JOINED, advance, retreat, type BackSteps, type Steps } from './recurrence.js';
import type { Sequences } from './steps.js';
import { stateGrid, stateIntegers, type StateSizes } from './states.js';

/**
 * The delta rule, u = β(v − (a∘S)ᵀk): what a step writes depends on all of the state, so stretches of four steps go one after the other. The
 * rests v − (a∘S)ᵀk of a tile are found at once from the state before it, by substitution; then the state advances.
 */

/** Steps that are solved for at once. */
const STRETCH = 4;

/** Sequences of the delta rule, with decays or without. */
type DeltaSequences = Sequences & { readonly beta: Grid };

export interface DeltaStates {
  /** [T, Hk, C] */
  readonly rests: Grid;
  /** Before each chunk and after the last, [chunks + 1, …]. */
  readonly states: Grid;
}

export function deltaStates(scope: Scope, sequences: DeltaSequences, initial: Grid, sizes: StateSizes): DeltaStates {
  const { key, value, decay, beta } = sequences;
  const rests = scope.grid(value.n, value.rows, value.columns, 1);
  const states = stateGrid(scope, sizes.chunks + 1, sizes);
  const steps: Steps = { K: key, U: rests, ...(decay && { A: decay }), B: beta };
  let state = initial;
  for (let first = 0; first < sizes.steps; first += STRETCH) {
    if (first % CHUNK === 0) keep(scope, state, states, first / CHUNK);
    findRests(scope, sequences, state, rests, first, sizes);
    const next = stateGrid(scope, 1, sizes);
    scope.draw({
      inputs: { ...steps, S: state },
      integers: { ...stateIntegers(sizes), first },
      output: next,
      code: `${JOINED}
void compute(int n, int r, int c) {
  int m = r / widthTiles, d = r - m * widthTiles;
  mat4 s = tileS(atS(0, r, c));
  ${advance(steps, 'first', `first + ${STRETCH}`)}
  ${eachRow('out# = s[#];')}
}`,
    });
    if (state !== initial) scope.free(state);
    state = next;
  }
  keep(scope, state, states, sizes.chunks);
  if (state !== initial) scope.free(state);
  return { rests, states };
}

export interface DeltaGradients {
  /** Gradients in u: [T, Hk, C] */
  readonly writes: Grid;
  /** In the states after chunks from the last, and before the first: [chunks + 1, …]. */
  readonly gradients: Grid;
}

export function deltaGradients(
  scope: Scope,
  sequences: DeltaSequences,
  rests: Grid,
  dRead: Grid,
  last: Grid,
  sizes: StateSizes,
): DeltaGradients {
  const { query, key, decay, beta } = sequences;
  const writes = scope.grid(rests.n, rests.rows, rests.columns, 1);
  const gradients = stateGrid(scope, sizes.chunks + 1, sizes);
  const shared = { K: key, ...(decay && { A: decay }), B: beta, Q: query, D: dRead };
  const steps: BackSteps = { ...shared, W: writes };
  let gradient = last;
  for (let first = sizes.steps - STRETCH; first >= 0; first -= STRETCH) {
    const end = first + STRETCH;
    if (end === sizes.steps || end % CHUNK === 0)
      keep(scope, gradient, gradients, sizes.chunks - Math.ceil(end / CHUNK));
    findWrites(scope, shared, gradient, writes, first, sizes);
    const before = stateGrid(scope, 1, sizes);
    scope.draw({
      inputs: { ...steps, E: gradient },
      integers: { ...stateIntegers(sizes), first },
      output: before,
      code: `${JOINED}
void compute(int n, int r, int c) {
  int m = r / widthTiles, d = r - m * widthTiles;
  mat4 e = tileE(atE(0, r, c));
  ${retreat(steps, `first + ${STRETCH - 1}`, 'first')}
  ${eachRow('out# = e[#];')}
}`,
    });
    if (gradient !== last) scope.free(gradient);
    gradient = before;
  }
  keep(scope, gradient, gradients, sizes.chunks);
  if (gradient !== last) scope.free(gradient);
  return { writes, gradients };
}

/** Copies a state into the n-th of several. */
function keep(scope: Scope, state: Grid, states: Grid, n: number): void {
  const texels = states.rows * states.columns;
  scope.draw({
    inputs: { X: state },
    integers: { place: n },
    output: states,
    spots: { from: n * texels, to: (n + 1) * texels },
    code: `
void compute(int n, int r, int c) {
  if (n != place) discard;
  ivec2 at = atX(0, r, c);
  ${eachRow('out# = texelFetch(X#, at, 0);')}
}`,
  });
}

/** Code that loads the rows of a stretch of a sequence: `mat4 name`. */
const rows = (name: string, from: string, row: string, column: string): string => `
    mat4 ${name};
    ${eachRow(`${name}[#] = texelFetch(${from}0, at${from}(first + #, ${row}, ${column}), 0);`)}`;

/** The strengths of a stretch. */
const STRENGTHS = `
  vec4 b;
  ${eachRow('b[#] = texelFetch(B0, atB(first + #, m, 0), 0).x;')}`;

/** What is left of the state before a stretch at each of its steps: `vec4 p#`, of rows d. */
const DECAYS = (has: boolean): string => `
    vec4 p0 = ${has ? 'a[0]' : 'vec4(1.0)'}, p1 = ${has ? 'p0 * a[1]' : 'p0'}, p2 = ${has ? 'p1 * a[2]' : 'p0'}, p3 = ${has ? 'p2 * a[3]' : 'p0'};`;

/** Product of decays after step j up to step i ≥ j of a stretch. */
const between = (has: boolean, j: number, i: number): string => {
  const factors = Array.from({ length: i - j }, (_, n) => `a[${j + 1 + n}]`);
  return has && factors.length > 0 ? factors.join(' * ') : 'vec4(1.0)';
};

const PAIRS = [
  [1, 0],
  [2, 0],
  [2, 1],
  [3, 0],
  [3, 1],
  [3, 2],
] as const;

/** Σ_d k_id R_ijd k_jd of the steps j < i of a stretch: `overlap10`, …, of one tile of rows. */
const overlaps = (has: boolean): string =>
  PAIRS.map(([i, j]) => `overlap${i}${j} += dot(k[${i}] * k[${j}], ${between(has, j, i)});`).join('\n    ');

const OVERLAPS = `float ${PAIRS.map(([i, j]) => `overlap${i}${j} = 0.0`).join(', ')};`;

/** The rests of a stretch. Each fragment finds those of all of its steps, and keeps its own. */
function findRests(
  scope: Scope,
  { key, value, decay, beta }: DeltaSequences,
  state: Grid,
  rests: Grid,
  first: number,
  sizes: StateSizes,
): void {
  const has = decay !== undefined;
  const texels = rests.rows * rests.columns;
  scope.draw({
    inputs: { K: key, V: value, B: beta, S: state, ...(decay && { A: decay }) },
    integers: { ...stateIntegers(sizes), first },
    output: rests,
    spots: { from: first * texels, to: (first + STRETCH) * texels },
    code: `
void compute(int n, int m, int c) {
  if (n < first || n >= first + ${STRETCH}) discard;
  ${rows('v', 'V', 'm', 'c')}
  mat4 found = mat4(0.0);
  ${OVERLAPS}
  for (int d = 0; d < widthTiles; d++) {
    mat4 s = tileS(atS(0, m * widthTiles + d, c));
    ${rows('k', 'K', 'm', 'd')}
    ${has ? rows('a', 'A', 'm', 'd') : ''}
    ${DECAYS(has)}
    ${eachRow('found[#] += s * (k[#] * p#);')}
    ${overlaps(has)}
  }
  ${STRENGTHS}
  v -= found;
  v[1] -= overlap10 * (b.x * v[0]);
  v[2] -= overlap20 * (b.x * v[0]) + overlap21 * (b.y * v[1]);
  v[3] -= overlap30 * (b.x * v[0]) + overlap31 * (b.y * v[1]) + overlap32 * (b.z * v[2]);
  out0 = v[n - first];
}`,
  });
}

/** Steps j ≥ i of a stretch, whose reads reach what step i writes. */
const LATER = [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].filter((j) => j >= i).map((j) => [i, j] as const));

/** Gradients in what a stretch writes, from that in the state after it. */
function findWrites(
  scope: Scope,
  back: Omit<BackSteps, 'W'>,
  gradient: Grid,
  writes: Grid,
  first: number,
  sizes: StateSizes,
): void {
  const has = back.A !== undefined;
  const texels = writes.rows * writes.columns;
  scope.draw({
    inputs: { ...back, E: gradient },
    integers: { ...stateIntegers(sizes), first },
    output: writes,
    spots: { from: first * texels, to: (first + STRETCH) * texels },
    code: `
void compute(int n, int m, int c) {
  if (n < first || n >= first + ${STRETCH}) discard;
  mat4 found = mat4(0.0);
  ${OVERLAPS}
  for (int d = 0; d < widthTiles; d++) {
    mat4 e = tileE(atE(0, m * widthTiles + d, c));
    ${rows('k', 'K', 'm', 'd')}
    ${has ? rows('a', 'A', 'm', 'd') : ''}
    ${[0, 1, 2, 3].map((i) => `found[${i}] += e * (k[${i}] * ${between(has, i, 3)});`).join('\n    ')}
    ${overlaps(has)}
  }
  for (int g = 0; g < group; g++) {
    int head = (m / keyHeads) * heads + (m % keyHeads) * group + g;
    float ${LATER.map(([i, j]) => `read${i}${j} = 0.0`).join(', ')};
    for (int d = 0; d < widthTiles; d++) {
      ${rows('q', 'Q', 'head', 'd')}
      ${rows('k', 'K', 'm', 'd')}
      ${has ? rows('a', 'A', 'm', 'd') : ''}
      ${LATER.map(([i, j]) => `read${i}${j} += dot(k[${i}] * q[${j}], ${between(has, i, j)});`).join('\n      ')}
    }
    ${rows('o', 'D', 'head', 'c')}
    ${LATER.map(([i, j]) => `found[${i}] += read${i}${j} * o[${j}];`).join('\n    ')}
  }
  ${STRENGTHS}
  found[2] -= overlap32 * (b.w * found[3]);
  found[1] -= overlap21 * (b.z * found[2]) + overlap31 * (b.w * found[3]);
  found[0] -= overlap10 * (b.y * found[1]) + overlap20 * (b.z * found[2]) + overlap30 * (b.w * found[3]);
  out0 = found[n - first];
}`,
  });
}

/** Gradients in values, tiles [T, Hk, C]: those in what is written, times the strengths. */
export function deltaValueGradients(scope: Scope, writes: Grid, beta: Grid): Grid {
  const output = scope.grid(writes.n / STRETCH, writes.rows, writes.columns, 4);
  scope.draw({
    inputs: { W: writes, B: beta },
    output,
    code: `
void compute(int n, int m, int c) {
  ${eachRow('out# = texelFetch(W0, atW(4 * n + #, m, c), 0) * texelFetch(B0, atB(4 * n + #, m, 0), 0).x;')}
}`,
  });
  return output;
}

/** Gradients in the strengths: tiles [T, Hk, 1]. */
export function strengthGradients(scope: Scope, writes: Grid, rests: Grid): Grid {
  const output = scope.grid(writes.n / STRETCH, writes.rows, 1, 4);
  scope.draw({
    inputs: { W: writes, R: rests },
    output,
    code: `
void compute(int n, int m, int c) {
  vec4 sums = vec4(0.0);
  for (int t = 0; t < sizeW.y; t++) {
    ${eachRow('sums[#] += dot(texelFetch(W0, atW(4 * n + #, m, t), 0), texelFetch(R0, atR(4 * n + #, m, t), 0));')}
  }
  ${eachRow('out# = vec4(sums[#], 0.0, 0.0, 0.0);')}
}`,
  });
  return output;
}
