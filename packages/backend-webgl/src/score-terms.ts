import type { BiasParts, HookPart, MaskParts } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Pass } from './draw.js';
import { eachRow } from './glsl.js';
import type { Grid } from './grid.js';
import { hookCode, hookLibrary, hookUniforms } from './hooks/emit.js';
import type { Scope } from './scope.js';

/**
 * Masks and biases, evaluated where scores are made. What is plain data (bounds, lengths, segments, slopes) goes into one
 * small texture of numbers; dense tensors are read where they are, one number a texel.
 */
export interface ScoreTerms extends Required<Pick<Pass, 'inputs' | 'integers'>> {
  /**
   * `bool outside(b, i, j)`: whether a tile that starts there is masked for sure; `void terms(b, h, i, j, out bvec4 open, out
   * vec4 bias)`: of row i and keys j … j + 3.
   */
  readonly code: string;
}

/**
 * Code that sets `open0`, `bias0`, … of a tile's rows, and returns where all of the tile is masked, before its scores are computed.
 *
 * @param place names of batch row and head
 */
export const termsOrMasked = (place: string): string => `
  vec4 masked = vec4(MASKED);
  bvec4 open0 = bvec4(false), open1 = open0, open2 = open0, open3 = open0;
  vec4 bias0, bias1, bias2, bias3;
  if (!outside(b, 4 * r, 4 * c)) {
    ${eachRow(`terms(${place}, 4 * r + #, 4 * c, open#, bias#);`)}
  }
  if (!(any(open0) || any(open1) || any(open2) || any(open3))) {
    ${eachRow('out# = masked;')}
    return;
  }`;

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
}

interface Tensors {
  readonly mask?: TensorInfo;
  readonly bias?: TensorInfo;
  readonly table?: TensorInfo;
  readonly captures?: TensorInfo;
}

/** What is added to scores and masks them. */
interface Parts {
  readonly mask: MaskParts;
  readonly bias?: BiasParts;
  readonly maskHook?: HookPart | null;
}

export function scoreTerms(
  scope: Scope,
  { mask, bias = {}, maskHook = null }: Parts,
  sizes: Sizes,
  tensors: Tensors,
): ScoreTerms {
  const numbers: number[] = [];
  const integers: Record<string, number> = { queries: sizes.queries, keys: sizes.keys };
  const inputs: Record<string, Grid> = {};
  const outside: string[] = [];
  const open: string[] = [];
  const biases: string[] = [];

  const keep = (name: string, values: Iterable<number>): void => {
    integers[name] = numbers.length;
    numbers.push(...values);
  };
  const dense = (name: string, tensor: TensorInfo, shape: readonly number[]): string => {
    inputs[name] = scope.flat(tensor);
    const strides = stridesOf(shape);
    ['b', 'h', 'i', 'j'].forEach((axis, n) => (integers[`${name}${axis}`] = strides[n]));
    return `flat${name}(b * ${name}b + h * ${name}h + i * ${name}i + j * ${name}j, ${name}j)`;
  };

  const { band, lengths, segments } = mask;
  if (band) {
    keep('bandLower', band.lower);
    keep('bandUpper', band.upper);
    outside.push('j + 3 - i < whole(bandLower + b) || j - i - 3 > whole(bandUpper + b)');
    open.push('inBand(keysFrom(j) - i, whole(bandLower + b), whole(bandUpper + b))');
  }
  if (lengths) {
    keep('lengths', lengths);
    outside.push('j >= whole(lengths + b)');
    open.push('lessThan(keysFrom(j), ivec4(whole(lengths + b)))');
  }
  if (segments) {
    const [query, key] = ranks(segments.query, segments.key);
    keep('querySegments', query!);
    keep('keySegments', key!);
    open.push('equal(four(keySegments + b * keys + j), vec4(number(querySegments + b * queries + i)))');
  }
  if (mask.dense) open.push(`greaterThan(${dense('Mask', tensors.mask!, mask.dense)}, vec4(0.5))`);

  if (bias.dense) biases.push(dense('Bias', tensors.bias!, bias.dense));
  if (bias.alibi) {
    keep('slopes', bias.alibi.slopes);
    keep('slopeOffsets', bias.alibi.offsets);
    biases.push('-number(slopes + h) * vec4(abs(keysFrom(j) - i - whole(slopeOffsets + b)))');
  }
  if (bias.relative) {
    const { reach, heads, offsets } = bias.relative;
    inputs['Table'] = scope.flat(tensors.table!);
    keep('tableOffsets', offsets);
    Object.assign(integers, { reach, tableRow: heads === 1 ? 0 : 2 * reach + 1 });
    biases.push('entries(h * tableRow, clamp(keysFrom(j) - i - whole(tableOffsets + b), -reach, reach) + reach)');
  }
  if (numbers.length > 0) inputs['Numbers'] = scope.numbers(numbers);
  const flats = Object.keys(inputs).filter((name) => name !== 'Numbers');
  if (maskHook !== null) {
    const uniforms = hookUniforms(scope, maskHook, tensors.captures, sizes);
    Object.assign(integers, uniforms.integers);
    Object.assign(inputs, uniforms.inputs);
    open.push('allowed(b, h, i, j, vec4(0.0), vec4(0.0))');
  }

  const code = `
ivec4 keysFrom(int j) { return ivec4(j, j + 1, j + 2, j + 3); }
bvec4 inBand(ivec4 distance, int lower, int upper) {
  return both(greaterThanEqual(distance, ivec4(lower)), lessThanEqual(distance, ivec4(upper)));
}
${numbers.length > 0 ? NUMBERS : ''}
${flats.map(flatReading).join('\n')}
${maskHook === null ? '' : maskCode(maskHook)}
${bias.relative ? 'vec4 entries(int row, ivec4 at) { return vec4(flatTable(row + at.x, 0).x, flatTable(row + at.y, 0).x, flatTable(row + at.z, 0).x, flatTable(row + at.w, 0).x); }' : ''}
bool outside(int b, int i, int j) { return ${['false', ...outside].join(' || ')}; }
void terms(int b, int h, int i, int j, out bvec4 open, out vec4 bias) {
  open = bvec4(i < queries);
  open = both(open, lessThan(keysFrom(j), ivec4(keys)));
  ${open.map((test) => `open = both(open, ${test});`).join('\n  ')}
  bias = vec4(0.0);
  ${biases.map((term) => `bias += ${term};`).join('\n  ')}
  ${biases.length > 0 ? 'open = both(open, not(isMinusInfinity(bias)));' : ''}
}`;
  return { inputs, integers, code };
}

const maskCode = ({ program: { steps, result } }: HookPart): string => `
${hookLibrary(steps, [result])}
${hookCode(steps, 'allowed', { kind: 'value', step: result })}`;

const NUMBERS = `
float number(int n) {
  vec4 four = texelFetch(Numbers0, spotNumbers(n >> 2), 0);
  return four[n & 3];
}
vec4 four(int n) { return vec4(number(n), number(n + 1), number(n + 2), number(n + 3)); }
int whole(int n) { return int(number(n)); }`;

/** Four numbers from an index on, `step` apart. */
const flatReading = (name: string): string => `
vec4 flat${name}(int n, int step_) {
  return vec4(texelFetch(${name}0, spot${name}(n), 0).r, texelFetch(${name}0, spot${name}(n + step_), 0).r,
    texelFetch(${name}0, spot${name}(n + 2 * step_), 0).r, texelFetch(${name}0, spot${name}(n + 3 * step_), 0).r);
}`;

/** Steps of a [B, H, Tq, Tk] index in a tensor whose axes may be 1. */
function stridesOf(shape: readonly number[]): number[] {
  return shape.map((length, axis) => (length === 1 ? 0 : shape.slice(axis + 1).reduce((a, b) => a * b, 1)));
}

/** Segments by rank: only whether they are equal matters, and a float doesn't hold every int32. */
function ranks(...arrays: readonly Int32Array[]): number[][] {
  const rank = new Map<number, number>();
  return arrays.map((ids) =>
    Array.from(ids, (id) => {
      if (!rank.has(id)) rank.set(id, rank.size);
      return rank.get(id)!;
    }),
  );
}
