import type { TensorInfo } from '@tensorflow/tfjs-core';
import { INVOCATIONS, each, row, rowReading } from '../attention/tiles.js';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { CHUNK, type Sizes } from './sizes.js';
import type { Boundaries } from './state-tensors.js';

/** Passes in which an invocation has a column of the state in registers: each step of the recurrence is then its own. */

/** What steps write: keys and what is written, which with the delta rule are the values' rests times strengths. */
export interface Writing {
  readonly key: TensorInfo;
  /** [M, T, C] */
  readonly written: TensorInfo;
  readonly decay?: TensorInfo;
  readonly beta?: TensorInfo;
}

/** What queries read: with gradients in it, or none on the way forward. */
export interface Reading {
  readonly query: TensorInfo;
  /** [M·G, T, C] */
  readonly dRead: TensorInfo;
}

const writingInputs = ({ key, written, decay, beta }: Writing): Readonly<Record<string, TensorInfo>> => ({
  K: key,
  U: written,
  ...(decay && { A: decay }),
  ...(beta && { B: beta }),
});

/** Sizes as uniforms, those of boundaries among them. */
export const sizeIntegers = (sizes: Sizes, base: number): Record<string, number> => {
  const { rows, group, steps, columns, valueWidth, chunks, width } = sizes;
  return { rows, group, steps, columns, valueWidth, chunks, width, base };
};

/** Code that reads decays: `readA(step, d)`, vector d of the rows. */
function decayReading(decay: TensorInfo | undefined, { rows, steps, width }: Sizes): string {
  if (decay === undefined) return '';
  const isShared = numbersIn(decay) === rows * steps;
  if (isShared && width > 1) return 'fn decayAt(step: i32, d: i32) -> vec4f { return vec4f(A[step]); }';
  return `${rowReading('A', width)}
fn decayAt(step: i32, d: i32) -> vec4f { return readA(step * ${width}, d); }`;
}

export const numbersIn = ({ shape }: TensorInfo): number => shape.reduce((product, length) => product * length, 1);

/** Code of a column's vectors in the states `S`: `columnAt(slot, m, c, d)` and `keepColumn(slot, m, c, d, x)`. */
const columnCode = (width: number): string => `
fn spotOf(slot: i32, m: i32, d: i32, c: i32) -> i32 { return u.base + ((slot * u.rows + m) * ${width} + d) * u.columns + c; }
fn columnAt(slot: i32, m: i32, c: i32, d: i32) -> vec4f {
  var x = vec4f(0.0);
  for (var l = 0; l < min(4, ${width} - 4 * d); l++) { x[l] = S[spotOf(slot, m, 4 * d + l, c)]; }
  return x;
}
fn keepColumn(slot: i32, m: i32, c: i32, d: i32, x: vec4f) {
  for (var l = 0; l < min(4, ${width} - 4 * d); l++) { S[spotOf(slot, m, 4 * d + l, c)] = x[l]; }
}`;

const blocksOf = ({ columns }: Sizes): number => Math.ceil(columns / INVOCATIONS);

/**
 * States at the bounds of chunks from that at the first, step by step; with the delta rule the rests v − (a∘S)ᵀk too.
 *
 * @param rests where they are written, [M, T, C]
 */
export function advance(
  scope: Scope,
  writing: Writing,
  rests: TensorInfo | undefined,
  states: Boundaries,
  sizes: Sizes,
): void {
  const { width, rows } = sizes;
  const { decay, beta } = writing;
  const blocks = blocksOf(sizes);
  scope.run({
    label: 'states of linear attention',
    inputs: writingInputs(writing),
    outputs: { S: states.tensor, ...(rests && { X: rests }) },
    integers: { ...sizeIntegers(sizes, states.base), blocks },
    invocations: INVOCATIONS,
    workgroups: flat(rows * blocks),
    code: `${FLAT_GROUP}
${rowReading('K', width)}
${decayReading(decay, sizes)}
${columnCode(width)}
fn compute(group: vec3u, local: u32) {
  let m = i32(flatGroup(group)) / u.blocks;
  let c = i32(flatGroup(group)) % u.blocks * ${INVOCATIONS} + i32(local);
  if (m >= u.rows || c >= u.columns) { return; }
  ${row('s', width)}
  ${each(width, 's[d] = columnAt(0, m, c, d);')}
  for (var t = 0; t < u.steps; t++) {
    if (t > 0 && t % ${CHUNK} == 0) {
      let slot = t / ${CHUNK};
      ${each(width, 'keepColumn(slot, m, c, d, s[d]);')}
    }
    let step = m * u.steps + t;
    ${decay ? each(width, 's[d] *= decayAt(step, d);') : ''}
    var written = U[step * u.columns + c];
    ${
      beta
        ? `
    ${each(width, `written -= dot(readK(step * ${width}, d), s[d]);`)}
    X[step * u.columns + c] = written;
    written *= B[step];`
        : ''
    }
    ${each(width, `s[d] += readK(step * ${width}, d) * written;`)}
  }
  ${each(width, 'keepColumn(u.chunks, m, c, d, s[d]);')}
}`,
  });
}

/** What queries read of states, [M·G, T, C]: of that after each step, or without `writing` of that of slot `slot` for all. */
export function read(
  scope: Scope,
  query: TensorInfo,
  writing: Writing | undefined,
  states: Boundaries,
  { scale, slot = 0, output }: { readonly scale: number; readonly slot?: number; readonly output: TensorInfo },
  sizes: Sizes,
): void {
  const { width, rows, chunks } = sizes;
  const blocks = blocksOf(sizes);
  scope.run({
    label: 'reads of linear attention',
    inputs: { ...(writing && writingInputs(writing)), Q: query, S: states.tensor },
    outputs: { Y: output },
    integers: { ...sizeIntegers(sizes, states.base), blocks, slot },
    floats: { scale },
    invocations: INVOCATIONS,
    workgroups: flat(rows * chunks * blocks),
    code: `${FLAT_GROUP}
${writing ? rowReading('K', width) : ''}
${rowReading('Q', width)}
${decayReading(writing?.decay, sizes)}
${columnCode(width).split('fn keepColumn')[0]}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) / u.blocks;
  let m = n / u.chunks;
  let chunk = n % u.chunks;
  let c = i32(flatGroup(group)) % u.blocks * ${INVOCATIONS} + i32(local);
  if (m >= u.rows || c >= u.columns) { return; }
  ${row('s', width)}
  ${each(width, `s[d] = columnAt(${writing ? 'chunk' : 'u.slot'}, m, c, d);`)}
  for (var t = chunk * ${CHUNK}; t < min((chunk + 1) * ${CHUNK}, u.steps); t++) {
    ${
      writing
        ? `
    let step = m * u.steps + t;
    let written = U[step * u.columns + c]${writing.beta ? ' * B[step]' : ''};
    ${each(width, `s[d] = ${writing.decay ? 'decayAt(step, d) * ' : ''}s[d] + readK(step * ${width}, d) * written;`)}`
        : ''
    }
    for (var g = 0; g < u.group; g++) {
      let place = (m * u.group + g) * u.steps + t;
      var sum = 0.0;
      ${each(width, `sum += dot(u.scale * readQ(place * ${width}, d), s[d]);`)}
      Y[place * u.columns + c] = sum;
    }
  }
}`,
  });
}

/** What is known of what steps have written, for the way back. */
export interface WritingBack {
  readonly key: TensorInfo;
  readonly decay?: TensorInfo;
  readonly beta?: TensorInfo;
  /** Where gradients are written: [M, T, Dv] in the values; with the delta rule, from number `at` on, [M, T, C] in what is written. */
  readonly gradients: { readonly tensor: TensorInfo; readonly at: number };
}

/** Gradients in states at the bounds of chunks, from that at the last back to the first. */
export function retreat(
  scope: Scope,
  writing: WritingBack | undefined,
  reading: Reading | undefined,
  gradients: Boundaries,
  scale: number,
  sizes: Sizes,
): void {
  const { width, rows } = sizes;
  const blocks = blocksOf(sizes);
  scope.run({
    label: 'state gradients of linear attention',
    inputs: {
      ...(writing && { K: writing.key }),
      ...(writing?.decay && { A: writing.decay }),
      ...(writing?.beta && { B: writing.beta }),
      ...(reading && { Q: reading.query, D: reading.dRead }),
    },
    outputs: { S: gradients.tensor, ...(writing && { X: writing.gradients.tensor }) },
    integers: { ...sizeIntegers(sizes, gradients.base), blocks, at: writing?.gradients.at ?? 0 },
    floats: { scale },
    invocations: INVOCATIONS,
    workgroups: flat(rows * blocks),
    code: `${FLAT_GROUP}
${writing ? rowReading('K', width) : ''}
${reading ? rowReading('Q', width) : ''}
${decayReading(writing?.decay, sizes)}
${columnCode(width)}
fn compute(group: vec3u, local: u32) {
  let m = i32(flatGroup(group)) / u.blocks;
  let c = i32(flatGroup(group)) % u.blocks * ${INVOCATIONS} + i32(local);
  if (m >= u.rows || c >= u.columns) { return; }
  ${row('e', width)}
  ${each(width, 'e[d] = columnAt(u.chunks, m, c, d);')}
  for (var t = u.steps - 1; t >= 0; t--) {
    let step = m * u.steps + t;
    if (t + 1 < u.steps && (t + 1) % ${CHUNK} == 0) {
      let slot = (t + 1) / ${CHUNK};
      ${each(width, 'keepColumn(slot, m, c, d, e[d]);')}
    }
    ${
      reading
        ? `
    for (var g = 0; g < u.group; g++) {
      let place = (m * u.group + g) * u.steps + t;
      let gradient = u.scale * D[place * u.columns + c];
      ${each(width, `e[d] += gradient * readQ(place * ${width}, d);`)}
    }`
        : ''
    }
    ${
      writing
        ? `
    var inWritten = 0.0;
    ${each(width, `inWritten += dot(readK(step * ${width}, d), e[d]);`)}
    ${
      writing.beta
        ? `X[u.at + step * u.columns + c] = inWritten;
    inWritten *= B[step];
    ${each(width, `e[d] -= readK(step * ${width}, d) * inWritten;`)}`
        : 'if (c < u.valueWidth) { X[step * u.valueWidth + c] = inWritten; }'
    }
    ${writing.decay ? each(width, 'e[d] *= decayAt(step, d);') : ''}`
        : ''
    }
  }
  ${each(width, 'keepColumn(0, m, c, d, e[d]);')}
}`,
  });
}
