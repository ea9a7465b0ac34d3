import type { TensorInfo } from '@tensorflow/tfjs-core';
import { INVOCATIONS, rowReading, vectors } from '../attention/tiles.js';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { numbersIn, sizeIntegers, type Reading, type Writing } from './columns.js';
import { CHUNK, type Sizes } from './sizes.js';
import type { Boundaries } from './state-tensors.js';

/**
 * Passes in which an invocation has a row of the state, of a chunk of steps, and goes along it four columns at a time: what gradients in queries, keys
 * and decays add up over columns is then its own. The chunks are independent, since states and gradients at their bounds are known.
 */

/** What steps have written, with strengths. */
type Written = Omit<Writing, 'beta'>;

/** Gradients in queries, [M·G, T, D]; without `writing` all of them read the state of slot `slot`. */
export function queryGradients(
  scope: Scope,
  writing: Written | undefined,
  dRead: TensorInfo,
  states: Boundaries,
  { scale, slot = 0, output }: { readonly scale: number; readonly slot?: number; readonly output: TensorInfo },
  sizes: Sizes,
): void {
  const { rows, group, columns, chunks } = sizes;
  const blocks = blocksOf(sizes);
  scope.run({
    label: 'query gradients of linear attention',
    inputs: {
      ...(writing && { K: writing.key, U: writing.written }),
      ...(writing?.decay && { A: writing.decay }),
      D: dRead,
      S: states.tensor,
    },
    outputs: { Y: output },
    integers: { ...sizeIntegers(sizes, states.base), blocks, slot },
    floats: { scale },
    invocations: INVOCATIONS,
    workgroups: flat(rows * group * chunks * blocks),
    code: `${FLAT_GROUP}
${writing ? rowReading('U', columns) : ''}
${rowReading('D', columns)}
${rowReading('S', columns)}
${PLACES}
${decayAt(writing?.decay, sizes)}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) / u.blocks;
  let d = i32(flatGroup(group)) % u.blocks * ${INVOCATIONS} + i32(local);
  let head = n / u.chunks;
  let chunk = n % u.chunks;
  let m = head / u.group;
  if (m >= u.rows || d >= u.width) { return; }
  let first = chunk * ${CHUNK};
  let count = min(${CHUNK}, u.steps - first);
  var sums: array<f32, ${CHUNK}>;
  for (var c = 0; c < ${vectors(columns)}; c++) {
    var s = readS(spotOf(u.base, ${writing ? 'chunk' : 'u.slot'}, m, d), c);
    for (var i = 0; i < count; i++) {
      ${
        writing
          ? `
      let step = m * u.steps + first + i;
      s = ${writing.decay ? 'decayAt(step, d) * ' : ''}s + K[step * u.width + d] * readU(step * ${columns}, c);`
          : ''
      }
      sums[i] += dot(s, readD((head * u.steps + first + i) * ${columns}, c));
    }
  }
  for (var i = 0; i < count; i++) { Y[(head * u.steps + first + i) * u.width + d] = u.scale * sums[i]; }
}`,
  });
}

interface KeySide {
  readonly writing: Written;
  readonly reading: Reading | undefined;
  /** With the delta rule gradients in what was written, with strengths, from that number of `writing.written` on. */
  readonly at: number | undefined;
  readonly dKey: TensorInfo;
  /** Where gradients in the logarithms of decays are written, [M, T, D]. */
  readonly dLogDecay: TensorInfo | undefined;
}

/** Gradients in keys and decays. Of one buffer `states` begin at `base` and gradients in them at `gradientBase`. */
export function keyGradients(
  scope: Scope,
  { writing, reading, at, dKey, dLogDecay }: KeySide,
  { tensor, base, gradientBase }: Boundaries & { readonly gradientBase: number },
  scale: number,
  sizes: Sizes,
): void {
  const { rows, columns, chunks } = sizes;
  const blocks = blocksOf(sizes);
  const { decay } = writing;
  const isDelta = at !== undefined;
  const looksBack = isDelta || dLogDecay !== undefined;
  scope.run({
    label: 'key gradients of linear attention',
    inputs: {
      ...(looksBack && { K: writing.key }),
      U: writing.written,
      ...(decay && { A: decay }),
      ...(reading && { Q: reading.query, D: reading.dRead }),
      S: tensor,
    },
    outputs: { Y: dKey, ...(dLogDecay && { Z: dLogDecay }) },
    integers: { ...sizeIntegers(sizes, base), gradientBase, blocks, at: at ?? 0 },
    floats: { scale },
    invocations: INVOCATIONS,
    workgroups: flat(rows * chunks * blocks),
    code: `${FLAT_GROUP}
${rowReading('U', columns)}
${reading ? rowReading('D', columns) : ''}
${rowReading('S', columns)}
${PLACES}
${decayAt(decay, sizes)}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) / u.blocks;
  let d = i32(flatGroup(group)) % u.blocks * ${INVOCATIONS} + i32(local);
  let m = n / u.chunks;
  let chunk = n % u.chunks;
  if (m >= u.rows || d >= u.width) { return; }
  let first = chunk * ${CHUNK};
  let count = min(${CHUNK}, u.steps - first);
  var inKey: array<f32, ${CHUNK}>;
  ${dLogDecay ? `var inLog: array<f32, ${CHUNK}>;` : ''}
  for (var c = 0; c < ${vectors(columns)}; c++) {
    ${
      looksBack
        ? `
    // The state before what each step writes.
    var kept: array<vec4f, ${CHUNK}>;
    var s = readS(spotOf(u.base, chunk, m, d), c);
    for (var i = 0; i < count; i++) {
      let step = m * u.steps + first + i;
      kept[i] = ${decay ? 'decayAt(step, d) * ' : ''}s;
      s = kept[i] + K[step * u.width + d] * readU(step * ${columns}, c);
    }`
        : ''
    }
    var e = readS(spotOf(u.gradientBase, chunk + 1, m, d), c);
    for (var i = count - 1; i >= 0; i--) {
      let step = m * u.steps + first + i;
      ${
        reading
          ? `
      for (var g = 0; g < u.group; g++) {
        let place = (m * u.group + g) * u.steps + first + i;
        e += u.scale * Q[place * u.width + d] * readD(place * ${columns}, c);
      }`
          : ''
      }
      inKey[i] += dot(e, readU(step * ${columns}, c));
      ${
        isDelta
          ? `
      let inWritten = readU(u.at + step * ${columns}, c);
      inKey[i] -= dot(kept[i], inWritten);
      e -= K[step * u.width + d] * inWritten;`
          : ''
      }
      ${dLogDecay ? 'inLog[i] += dot(e, kept[i]);' : ''}
      ${decay ? 'e *= decayAt(step, d);' : ''}
    }
  }
  for (var i = 0; i < count; i++) {
    let to = (m * u.steps + first + i) * u.width + d;
    Y[to] = inKey[i];
    ${dLogDecay ? 'Z[to] = inLog[i];' : ''}
  }
}`,
  });
}

const blocksOf = ({ width }: Sizes): number => Math.ceil(width / INVOCATIONS);

/** Where row d of a state begins. */
const PLACES = `
fn spotOf(base: i32, slot: i32, m: i32, d: i32) -> i32 { return base + ((slot * u.rows + m) * u.width + d) * u.columns; }`;

const decayAt = (decay: TensorInfo | undefined, { rows, steps }: Sizes): string => {
  if (decay === undefined) return '';
  const at = numbersIn(decay) === rows * steps ? 'step' : 'step * u.width + d';
  return `fn decayAt(step: i32, d: i32) -> f32 { return A[${at}]; }`;
};
