import type { BiasParts, MaskParts } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Pass } from './pass.js';
import type { Scope } from './scope.js';

/**
 * Masks and biases, evaluated where scores are made. What is plain data (bounds, lengths, segments, slopes) goes into one small array of
 * numbers; dense tensors are read where they are.
 *
 * The code has `open(b, h, i, j)`, whether the mask lets a position take part, inside of the axes; `bias(b, h, i, j)`, −∞ where it masks; and
 * `keysOf(b, first, last)` and `queriesOf(b, first, last)`, outside of which [x, y) nothing is open to the rows, or to the keys, from first to
 * last. It needs that of FLOATS.
 */
export interface ScoreTerms extends Required<Pick<Pass, 'inputs' | 'integers'>> {
  readonly code: string;
}

interface Parts {
  readonly mask: MaskParts;
  readonly bias?: BiasParts;
}

interface Sizes {
  readonly queries: number;
  readonly keys: number;
}

interface Tensors {
  readonly mask?: TensorInfo;
  readonly bias?: TensorInfo;
  readonly table?: TensorInfo;
}

export function scoreTerms(
  scope: Scope,
  { mask, bias = {} }: Parts,
  { queries, keys }: Sizes,
  tensors: Tensors,
): ScoreTerms {
  const numbers: number[] = [];
  const integers: Record<string, number> = { queries, keys };
  const inputs: Record<string, TensorInfo> = {};
  const open: string[] = ['i < u.queries', 'j < u.keys'];
  const biases: string[] = [];
  const keySpan: string[] = [];
  const querySpan: string[] = [];

  const keep = (name: string, values: Iterable<number>): void => {
    integers[name] = numbers.length;
    numbers.push(...values);
  };
  const dense = (name: string, tensor: TensorInfo, shape: readonly number[]): string => {
    inputs[name] = tensor;
    const strides = stridesOf(shape);
    ['B', 'H', 'I', 'J'].forEach((axis, n) => (integers[`${name}${axis}`] = strides[n]!));
    return `${name}[b * u.${name}B + h * u.${name}H + i * u.${name}I + j * u.${name}J]`;
  };

  const { band, lengths, segments } = mask;
  if (band) {
    keep('bandLower', band.lower);
    keep('bandUpper', band.upper);
    open.push('j - i >= Numbers[u.bandLower + b]', 'j - i <= Numbers[u.bandUpper + b]');
    keySpan.push('max(span.x, first + Numbers[u.bandLower + b]), min(span.y, last + Numbers[u.bandUpper + b] + 1)');
    querySpan.push('max(span.x, first - Numbers[u.bandUpper + b]), min(span.y, last - Numbers[u.bandLower + b] + 1)');
  }
  if (lengths) {
    keep('lengths', lengths);
    open.push('j < Numbers[u.lengths + b]');
    keySpan.push('span.x, min(span.y, Numbers[u.lengths + b])');
    querySpan.push('span.x, select(0, span.y, first < Numbers[u.lengths + b])');
  }
  if (segments) {
    keep('querySegments', segments.query);
    keep('keySegments', segments.key);
    open.push('Numbers[u.querySegments + b * u.queries + i] == Numbers[u.keySegments + b * u.keys + j]');
  }
  if (mask.dense) open.push(`${dense('Mask', tensors.mask!, mask.dense)} != 0`);

  if (bias.dense) biases.push(dense('Bias', tensors.bias!, bias.dense));
  if (bias.alibi) {
    keep('slopes', new Int32Array(Float32Array.from(bias.alibi.slopes).buffer));
    keep('slopeOffsets', bias.alibi.offsets);
    biases.push('-bitcast<f32>(Numbers[u.slopes + h]) * f32(abs(j - i - Numbers[u.slopeOffsets + b]))');
  }
  if (bias.relative) {
    const { reach, heads, offsets } = bias.relative;
    inputs['Table'] = tensors.table!;
    keep('tableOffsets', offsets);
    Object.assign(integers, { reach, tableRow: heads === 1 ? 0 : 2 * reach + 1 });
    biases.push('Table[h * u.tableRow + clamp(j - i - Numbers[u.tableOffsets + b], -u.reach, u.reach) + u.reach]');
  }
  if (numbers.length > 0) inputs['Numbers'] = scope.numbers(numbers);

  return { inputs, integers, code: codeOf(open, biases, keySpan, querySpan) };
}

/** All tests are made of every position, which costs less than branches; past the axes WebGPU itself keeps what is read inside of a buffer. */
const codeOf = (
  open: readonly string[],
  biases: readonly string[],
  keySpan: readonly string[],
  querySpan: readonly string[],
): string => `
fn open(b: i32, h: i32, i: i32, j: i32) -> bool {
  return ${open.map((test) => `(${test})`).join(' & ')};
}
fn bias(b: i32, h: i32, i: i32, j: i32) -> f32 { return ${biases.join(' + ') || '0.0'}; }
fn keysOf(b: i32, first: i32, last: i32) -> vec2i {
  var span = vec2i(0, u.keys);
  ${keySpan.map((bounds) => `span = vec2i(${bounds});`).join('\n  ')}
  return span;
}
fn queriesOf(b: i32, first: i32, last: i32) -> vec2i {
  var span = vec2i(0, u.queries);
  ${querySpan.map((bounds) => `span = vec2i(${bounds});`).join('\n  ')}
  return span;
}`;

/** Steps of a [B, H, Tq, Tk] index in a tensor whose axes may be 1. */
function stridesOf(shape: readonly number[]): number[] {
  return shape.map((length, axis) => (length === 1 ? 0 : shape.slice(axis + 1).reduce((a, b) => a * b, 1)));
}
