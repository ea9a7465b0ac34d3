import type { LinearAttentionRequest, LinearInputs } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { EXP, FLOATS, eachRow } from '../glsl.js';
import { tilesOf, type Grid } from '../grid.js';
import { gathering } from '../passes/gather.js';
import type { Scope } from '../scope.js';

/**
 * Sequences in the order of time, [steps, rows of batch and heads, tiles of numbers], four numbers of a step a texel. There are steps up to a
 * whole tile. What lies past a row's length, or past the last step, changes no state: keys, values, queries and
 * strengths are 0 there, and decays 1.
 */

/** Columns of the state: one more than those of the values where contexts are normalised, whose values are 1. */
export const columnsOf = ({ valueWidth, normalize }: LinearAttentionRequest): number => valueWidth + Number(normalize);

/** Uniforms and code of `int stepsOf(int b)`: how many steps a batch row has. */
function lengthsPart(
  scope: Scope,
  { lengths, keys }: LinearAttentionRequest,
): {
  readonly inputs: Readonly<Record<string, Grid>>;
  readonly integers: Readonly<Record<string, number>>;
  readonly code: string;
} {
  if (lengths === null) return { inputs: {}, integers: { steps: keys }, code: 'int stepsOf(int b) { return steps; }' };
  return {
    inputs: { Lengths: scope.numbers([...lengths]) },
    integers: { steps: keys },
    code: 'int stepsOf(int b) { return int(texelFetch(Lengths0, spotLengths(b >> 2), 0)[b & 3]); }',
  };
}

const STEPS = 4;

/** Steps up to a whole tile. */
export const wholeSteps = ({ keys }: LinearAttentionRequest): number => STEPS * tilesOf(keys);

/** A sequence [T, heads, width] of a tensor [B, heads, T, width], times a factor. */
export function layTensor(
  scope: Scope,
  tensor: TensorInfo,
  request: LinearAttentionRequest,
  heads: number,
  width: number,
  { factor = 1, one = false }: { factor?: number; one?: boolean } = {},
): Grid {
  const { batch, keys } = request;
  const source = scope.tensor(tensor, [batch * heads, keys, width]);
  const lengths = lengthsPart(scope, request);
  const output = scope.grid(wholeSteps(request), batch * heads, tilesOf(width + Number(one)), 1);
  scope.draw({
    inputs: { X: source, ...lengths.inputs },
    integers: { ...lengths.integers, heads, rowsX: keys, columnsX: width },
    floats: { factor },
    output,
    code: `${lengths.code}
${gathering('X', source)}
void compute(int n, int r, int c) {
  vec4 x = gatheredX(r, n >> 2, c)[n & 3] * factor;
  ${one ? 'if (columnsX >> 2 == c) x[columnsX & 3] = 1.0;' : ''}
  out0 = n < stepsOf(r / heads) ? x : vec4(0.0);
}`,
  });
  return output;
}

/** Factors exp(g) of the log decays, [T, Hk, D]. */
function layDecays(scope: Scope, logDecay: TensorInfo, request: LinearAttentionRequest): Grid {
  const { batch, keyHeads, width } = request;
  const lengths = lengthsPart(scope, request);
  const output = scope.grid(wholeSteps(request), batch * keyHeads, tilesOf(width), 1);
  scope.draw({
    inputs: { X: scope.flat(logDecay), ...lengths.inputs },
    integers: { ...lengths.integers, ...stridesOf(request.logDecay!), keyHeads, width },
    output,
    code: `${FLOATS}
${EXP}
${lengths.code}
float logAt(int row, int d) { return d < width ? texelFetch(X0, spotX(row + d * byNumber), 0).r : 0.0; }
void compute(int n, int r, int c) {
  out0 = vec4(1.0);
  int b = r / keyHeads;
  if (n >= stepsOf(b)) return;
  int row = b * byBatch + (r % keyHeads) * byHead + n * byStep;
  out0 = exponential(vec4(logAt(row, 4 * c), logAt(row, 4 * c + 1), logAt(row, 4 * c + 2), logAt(row, 4 * c + 3)));
}`,
  });
  return output;
}

/** Strengths of the delta rule: [T, Hk, 1], one a texel. */
function layStrengths(scope: Scope, beta: TensorInfo, request: LinearAttentionRequest): Grid {
  const { batch, keyHeads } = request;
  const lengths = lengthsPart(scope, request);
  const output = scope.grid(wholeSteps(request), batch * keyHeads, 1, 1);
  scope.draw({
    inputs: { X: scope.flat(beta), ...lengths.inputs },
    integers: { ...lengths.integers, ...stridesOf([...request.beta!, 1]), keyHeads },
    output,
    code: `${lengths.code}
void compute(int n, int r, int c) {
  int b = r / keyHeads;
  int at = b * byBatch + (r % keyHeads) * byHead + n * byStep;
  out0 = vec4(n < stepsOf(b) ? texelFetch(X0, spotX(at), 0).r : 0.0, 0.0, 0.0, 0.0);
}`,
  });
  return output;
}

/** Strides of a tensor whose axes may be 1. */
function stridesOf(shape: readonly number[]): Readonly<Record<string, number>> {
  const names = ['byBatch', 'byHead', 'byStep', 'byNumber'];
  const strides = shape.map((length, axis) => (length === 1 ? 0 : shape.slice(axis + 1).reduce((a, b) => a * b, 1)));
  return Object.fromEntries(names.map((name, axis) => [name, strides[axis]]));
}

/**
 * Tiles in the order of rows, [heads, T, X], times a factor, 0 past each row's length; takes back those in the order of time,
 * [tiles of T, heads, X].
 */
export function layOut(scope: Scope, tiles: Grid, request: LinearAttentionRequest, heads: number, factor = 1): Grid {
  const lengths = lengthsPart(scope, request);
  const output = scope.grid(tiles.rows, tiles.n, tiles.columns, 4);
  scope.draw({
    inputs: { X: tiles, ...lengths.inputs },
    integers: { ...lengths.integers, heads },
    floats: { factor },
    output,
    code: `${lengths.code}
void compute(int n, int r, int c) {
  int end = stepsOf(n / heads);
  ivec2 at = atX(r, n, c);
  ${eachRow('out# = 4 * r + # < end ? factor * texelFetch(X#, at, 0) : vec4(0.0);')}
}`,
  });
  scope.free(tiles);
  return output;
}

/** All sequences of a request. */
export interface Sequences {
  /** With the scale. [T, Hq, D] */
  readonly query: Grid;
  /** [T, Hk, D] */
  readonly key: Grid;
  /** [T, Hk, C] */
  readonly value: Grid;
  /** Factors. [T, Hk, D] */
  readonly decay: Grid | undefined;
  /** [T, Hk, 1] */
  readonly beta: Grid | undefined;
}

/** A request as its queries see it: unless causal, they have a length of their own, and all of them read. */
export const readingOf = (request: LinearAttentionRequest): LinearAttentionRequest =>
  request.bidirectional ? { ...request, keys: request.queries, lengths: null } : request;

export function laySequences(scope: Scope, inputs: LinearInputs, request: LinearAttentionRequest): Sequences {
  const { heads, keyHeads, width, valueWidth, scale, normalize } = request;
  return {
    query: layTensor(scope, inputs.query, readingOf(request), heads, width, { factor: scale }),
    key: layTensor(scope, inputs.key, request, keyHeads, width),
    value: layTensor(scope, inputs.value, request, keyHeads, valueWidth, { one: normalize }),
    decay: inputs.logDecay && layDecays(scope, inputs.logDecay, request),
    beta: inputs.beta && layStrengths(scope, inputs.beta, request),
  };
}
