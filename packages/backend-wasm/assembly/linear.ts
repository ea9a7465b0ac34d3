import { madd, nmadd, sum4 } from './vector';

/**
 * Linear attention of one key head, step by step. The state [D, C] has columns of the values, one of the normaliser where contexts are
 * normalised, and zeros up to a multiple of 16, so that it goes through registers 16 columns at a time. So do the vectors of a step, [C].
 *
 * `decay` is the address of factors, no logarithms, or 0, as `beta` is that of strengths. Strides are in bytes: of a decay's steps, and of its key dimensions, 0 when it has one for all.
 * `columns` is C, `reach` the columns that are used.
 */

const BLOCK: usize = 64;

/** Contexts of `group` query heads, `heads` bytes apart, and the state after the last step, in place. `vectors` has room for 2·C + D floats. */
export function linearForward(
  query: usize,
  heads: usize,
  group: u32,
  key: usize,
  value: usize,
  decay: usize,
  decayStep: usize,
  decayWidth: usize,
  beta: usize,
  betaStep: usize,
  state: usize,
  vectors: usize,
  context: usize,
  contextHeads: usize,
  steps: u32,
  width: u32,
  valueWidth: u32,
  columns: u32,
  normalize: bool,
  scale: f32,
): void {
  const row = <usize>columns << 2;
  const keyRow = <usize>width << 2;
  const valueRow = <usize>valueWidth << 2;
  const written = vectors;
  const read = written + row;
  const decays = read + row;
  memory.fill(written, 0, row);
  for (let t: usize = 0; t < <usize>steps; t++) {
    const k = key + t * keyRow;
    decaysOf(decay, t * decayStep, decayWidth, decays, width);
    memory.copy(written, value + t * valueRow, valueRow);
    if (normalize) store<f32>(written + valueRow, 1);
    if (beta != 0) {
      retrieve(k, decays, state, written, width, row);
      multiply(written, load<f32>(beta + t * betaStep), row);
      // What is left of the state stands there already.
      for (let n: usize = 0; n < keyRow; n += 4) store<f32>(decays + n, 1);
    }
    advance(k, decays, state, written, query + t * keyRow, scale, read, width, row);
    for (let g: usize = 0; g < <usize>group; g++) {
      if (g > 0) readState(query + g * heads + t * keyRow, scale, state, read, width, row);
      const to = context + g * contextHeads + t * valueRow;
      memory.copy(to, read, valueRow);
      if (normalize) divide(to, valueRow, load<f32>(read + valueRow));
    }
  }
}

// @ts-ignore: decorator
@inline
function decaysOf(decay: usize, offset: usize, stride: usize, decays: usize, width: u32): void {
  const end = <usize>width << 2;
  if (decay != 0 && stride != 0) {
    memory.copy(decays, decay + offset, end);
    return;
  }
  const left: f32 = decay == 0 ? 1 : load<f32>(decay + offset);
  for (let n: usize = 0; n < end; n += 4) store<f32>(decays + n, left);
}

/** Lets the state decay, in place, and takes Gᵀ k off what would be written. */
function retrieve(key: usize, decays: usize, state: usize, written: usize, width: u32, row: usize): void {
  const end = <usize>width << 2;
  for (let c: usize = 0; c < row; c += BLOCK) {
    let u0 = v128.load(written + c);
    let u1 = v128.load(written + c, 16);
    let u2 = v128.load(written + c, 32);
    let u3 = v128.load(written + c, 48);
    let s = state + c;
    for (let d: usize = 0; d < end; d += 4, s += row) {
      const a = v128.load32_splat(decays + d);
      const k = v128.load32_splat(key + d);
      const g0 = f32x4.mul(a, v128.load(s));
      const g1 = f32x4.mul(a, v128.load(s, 16));
      const g2 = f32x4.mul(a, v128.load(s, 32));
      const g3 = f32x4.mul(a, v128.load(s, 48));
      v128.store(s, g0);
      v128.store(s, g1, 16);
      v128.store(s, g2, 32);
      v128.store(s, g3, 48);
      u0 = nmadd(u0, k, g0);
      u1 = nmadd(u1, k, g1);
      u2 = nmadd(u2, k, g2);
      u3 = nmadd(u3, k, g3);
    }
    v128.store(written + c, u0);
    v128.store(written + c, u1, 16);
    v128.store(written + c, u2, 32);
    v128.store(written + c, u3, 48);
  }
}

/** S ← diag(a) S + k uᵀ, and what a query reads of it. */
function advance(
  key: usize,
  decays: usize,
  state: usize,
  written: usize,
  query: usize,
  scale: f32,
  read: usize,
  width: u32,
  row: usize,
): void {
  const end = <usize>width << 2;
  for (let c: usize = 0; c < row; c += BLOCK) {
    const u0 = v128.load(written + c);
    const u1 = v128.load(written + c, 16);
    const u2 = v128.load(written + c, 32);
    const u3 = v128.load(written + c, 48);
    let r0 = f32x4.splat(0);
    let r1 = f32x4.splat(0);
    let r2 = f32x4.splat(0);
    let r3 = f32x4.splat(0);
    let s = state + c;
    for (let d: usize = 0; d < end; d += 4, s += row) {
      const a = v128.load32_splat(decays + d);
      const k = v128.load32_splat(key + d);
      const q = f32x4.splat(load<f32>(query + d) * scale);
      const s0 = madd(f32x4.mul(k, u0), a, v128.load(s));
      const s1 = madd(f32x4.mul(k, u1), a, v128.load(s, 16));
      const s2 = madd(f32x4.mul(k, u2), a, v128.load(s, 32));
      const s3 = madd(f32x4.mul(k, u3), a, v128.load(s, 48));
      v128.store(s, s0);
      v128.store(s, s1, 16);
      v128.store(s, s2, 32);
      v128.store(s, s3, 48);
      r0 = madd(r0, q, s0);
      r1 = madd(r1, q, s1);
      r2 = madd(r2, q, s2);
      r3 = madd(r3, q, s3);
    }
    v128.store(read + c, r0);
    v128.store(read + c, r1, 16);
    v128.store(read + c, r2, 32);
    v128.store(read + c, r3, 48);
  }
}

/** Σ_d scale·q_d S_d. */
function readState(query: usize, scale: f32, state: usize, read: usize, width: u32, row: usize): void {
  const end = <usize>width << 2;
  for (let c: usize = 0; c < row; c += BLOCK) {
    let r0 = f32x4.splat(0);
    let r1 = f32x4.splat(0);
    let r2 = f32x4.splat(0);
    let r3 = f32x4.splat(0);
    let s = state + c;
    for (let d: usize = 0; d < end; d += 4, s += row) {
      const q = f32x4.splat(load<f32>(query + d) * scale);
      r0 = madd(r0, q, v128.load(s));
      r1 = madd(r1, q, v128.load(s, 16));
      r2 = madd(r2, q, v128.load(s, 32));
      r3 = madd(r3, q, v128.load(s, 48));
    }
    v128.store(read + c, r0);
    v128.store(read + c, r1, 16);
    v128.store(read + c, r2, 32);
    v128.store(read + c, r3, 48);
  }
}

function multiply(x: usize, factor: f32, bytes: usize): void {
  const f = f32x4.splat(factor);
  for (let n: usize = 0; n < bytes; n += 16) v128.store(x + n, f32x4.mul(f, v128.load(x + n)));
}

function divide(x: usize, bytes: usize, denominator: f32): void {
  for (let n: usize = 0; n < bytes; n += 4) {
    store<f32>(x + n, denominator == 0 ? <f32>0 : load<f32>(x + n) / denominator);
  }
}

/** Steps whose states are held at once. */
const STRETCH: usize = 32;

/** Bytes of scratch that the backward pass takes for a state of so many bytes and steps. */
export function linearBackwardScratch(state: usize, columns: u32, width: u32, steps: u32): usize {
  const stretches = (<usize>steps + STRETCH - 1) / STRETCH;
  return (stretches + STRETCH + 1) * state + (((<usize>columns * 4 + <usize>width) << 2) | 63) + 1;
}

/**
 * Gradients of a key head. `state` holds the state before the first step, and `dState` the gradient in the one after the last; it ends as
 * that in the one before the first. `dDecay` and `dBeta` are addresses of float64 numbers, to which is added, with twice the strides of decays
 * and strengths; 0 where there are none.
 */
export function linearBackward(
  query: usize,
  heads: usize,
  group: u32,
  key: usize,
  value: usize,
  decay: usize,
  decayStep: usize,
  decayWidth: usize,
  beta: usize,
  betaStep: usize,
  state: usize,
  scratch: usize,
  dContext: usize,
  contextHeads: usize,
  dState: usize,
  dQuery: usize,
  dKey: usize,
  dValue: usize,
  dDecay: usize,
  dBeta: usize,
  steps: u32,
  width: u32,
  valueWidth: u32,
  columns: u32,
  normalize: bool,
  scale: f32,
): void {
  const row = <usize>columns << 2;
  const keyRow = <usize>width << 2;
  const valueRow = <usize>valueWidth << 2;
  const size = row * <usize>width;
  const stretches = (<usize>steps + STRETCH - 1) / STRETCH;
  const starts = scratch;
  const states = starts + stretches * size;
  const written = states + (STRETCH + 1) * size;
  const read = written + row;
  const dWritten = read + row;
  const dRead = dWritten + row;
  const decays = dRead + row;
  memory.fill(written, 0, 4 * row);
  if (steps == 0) return;

  // The states before each stretch.
  memory.copy(starts, state, size);
  for (let n: usize = 1; n < stretches; n++) {
    memory.copy(starts + n * size, starts + (n - 1) * size, size);
    for (let t = (n - 1) * STRETCH; t < n * STRETCH; t++) {
      pass(key, value, decay, decayStep, decayWidth, beta, betaStep, starts + n * size, written, read, decays, t, width, valueRow, row, normalize);
    }
  }
  for (let n = stretches; n-- > 0; ) {
    const first = n * STRETCH;
    const count = min(STRETCH, <usize>steps - first);
    memory.copy(states, starts + n * size, size);
    for (let i: usize = 0; i < count; i++) {
      memory.copy(states + (i + 1) * size, states + i * size, size);
      pass(key, value, decay, decayStep, decayWidth, beta, betaStep, states + (i + 1) * size, written, read, decays, first + i, width, valueRow, row, normalize);
    }
    for (let i = count; i-- > 0; ) {
      const t = first + i;
      const after = states + (i + 1) * size;
      for (let g: usize = 0; g < <usize>group; g++) {
        const q = query + g * heads + t * keyRow;
        memory.copy(dRead, dContext + g * contextHeads + t * valueRow, valueRow);
        if (normalize) {
          readState(q, scale, after, read, width, row);
          undivide(dRead, read, valueRow);
        }
        unread(q, dQuery + g * heads + t * keyRow, after, dState, dRead, scale, width, row);
      }
      const k = key + t * keyRow;
      const before = states + i * size;
      decaysOf(decay, t * decayStep, decayWidth, decays, width);
      memory.copy(written, value + t * valueRow, valueRow);
      if (normalize) store<f32>(written + valueRow, 1);
      unwritten(k, decays, before, dState, written, dWritten, width, row, beta != 0);
      if (beta != 0) {
        const strength = load<f32>(beta + t * betaStep);
        addTo(dBeta + 2 * t * betaStep, products(dWritten, written, row));
        multiply(written, strength, row);
        multiply(dWritten, strength, row);
      }
      memory.copy(dValue + t * valueRow, dWritten, valueRow);
      const dLog = dDecay == 0 ? 0 : dDecay + 2 * t * decayStep;
      unwrite(k, dKey + t * keyRow, dLog, 2 * decayWidth, decays, before, dState, written, dWritten, width, row, beta != 0);
    }
  }
}

/** One step of a state, without what is read of it. */
function pass(
  key: usize,
  value: usize,
  decay: usize,
  decayStep: usize,
  decayWidth: usize,
  beta: usize,
  betaStep: usize,
  state: usize,
  written: usize,
  read: usize,
  decays: usize,
  t: usize,
  width: u32,
  valueRow: usize,
  row: usize,
  normalize: bool,
): void {
  const keyRow = <usize>width << 2;
  const k = key + t * keyRow;
  decaysOf(decay, t * decayStep, decayWidth, decays, width);
  memory.copy(written, value + t * valueRow, valueRow);
  if (normalize) store<f32>(written + valueRow, 1);
  if (beta != 0) {
    retrieve(k, decays, state, written, width, row);
    multiply(written, load<f32>(beta + t * betaStep), row);
    for (let n: usize = 0; n < keyRow; n += 4) store<f32>(decays + n, 1);
  }
  advance(k, decays, state, written, k, 0, read, width, row);
}

/** From the gradient in a quotient to those in what was divided, and in what it was divided by. */
function undivide(dRead: usize, read: usize, valueRow: usize): void {
  const denominator = load<f32>(read + valueRow);
  let sum: f32 = 0;
  for (let n: usize = 0; n < valueRow; n += 4) {
    const d = denominator == 0 ? <f32>0 : load<f32>(dRead + n) / denominator;
    store<f32>(dRead + n, d);
    if (denominator != 0) sum -= d * (load<f32>(read + n) / denominator);
  }
  store<f32>(dRead + valueRow, sum);
}

/** dq = scale·S dRead, and dS += scale·q dReadᵀ. */
function unread(
  query: usize,
  dQuery: usize,
  state: usize,
  dState: usize,
  dRead: usize,
  scale: f32,
  width: u32,
  row: usize,
): void {
  const end = <usize>width << 2;
  for (let d: usize = 0, at: usize = 0; d < end; d += 4, at += row) {
    const q = f32x4.splat(load<f32>(query + d) * scale);
    let sums = f32x4.splat(0);
    for (let c: usize = 0; c < row; c += 16) {
      const r = v128.load(dRead + c);
      sums = madd(sums, r, v128.load(state + at + c));
      v128.store(dState + at + c, madd(v128.load(dState + at + c), q, r));
    }
    store<f32>(dQuery + d, sum4(sums) * scale);
  }
}

/** du = dSᵀ k, and with the delta rule v − Gᵀ k in place of v. */
function unwritten(
  key: usize,
  decays: usize,
  before: usize,
  dState: usize,
  written: usize,
  dWritten: usize,
  width: u32,
  row: usize,
  isDelta: bool,
): void {
  const end = <usize>width << 2;
  for (let c: usize = 0; c < row; c += 16) {
    let sums = f32x4.splat(0);
    let rest = v128.load(written + c);
    let at = c;
    for (let d: usize = 0; d < end; d += 4, at += row) {
      const k = v128.load32_splat(key + d);
      sums = madd(sums, k, v128.load(dState + at));
      if (isDelta) rest = nmadd(rest, k, f32x4.mul(v128.load32_splat(decays + d), v128.load(before + at)));
    }
    v128.store(dWritten + c, sums);
    v128.store(written + c, rest);
  }
}

/** The gradients in key and log decays, and in the state before the step, in place of that in the one after it. */
function unwrite(
  key: usize,
  dKey: usize,
  dLog: usize,
  dLogStep: usize,
  decays: usize,
  before: usize,
  dState: usize,
  written: usize,
  dWritten: usize,
  width: u32,
  row: usize,
  isDelta: bool,
): void {
  const end = <usize>width << 2;
  for (let d: usize = 0, at: usize = 0; d < end; d += 4, at += row) {
    const a = v128.load32_splat(decays + d);
    const k = v128.load32_splat(key + d);
    let keys = f32x4.splat(0);
    let logs = f32x4.splat(0);
    for (let c: usize = 0; c < row; c += 16) {
      const earlier = v128.load(before + at + c);
      let ds = v128.load(dState + at + c);
      keys = madd(keys, ds, v128.load(written + c));
      if (isDelta) {
        const dw = v128.load(dWritten + c);
        keys = nmadd(keys, f32x4.mul(a, earlier), dw);
        ds = nmadd(ds, k, dw);
      }
      ds = f32x4.mul(a, ds);
      logs = madd(logs, ds, earlier);
      v128.store(dState + at + c, ds);
    }
    store<f32>(dKey + d, sum4(keys));
    if (dLog == 0) continue;
    addTo(dLog, logs);
    dLog += dLogStep;
  }
}

/** Four sums of products. */
function products(x: usize, y: usize, bytes: usize): v128 {
  let sums = f32x4.splat(0);
  for (let n: usize = 0; n < bytes; n += 16) sums = madd(sums, v128.load(x + n), v128.load(y + n));
  return sums;
}

/** Adds four numbers to one in float64: many steps may have it in common, and what they add may nearly cancel. */
// @ts-ignore: decorator
@inline
function addTo(sum: usize, x: v128): void {
  const high = v128.shuffle<f32>(x, x, 2, 3, 0, 1);
  const pair = f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(high));
  store<f64>(sum, load<f64>(sum) + f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1));
}
