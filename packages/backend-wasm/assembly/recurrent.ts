import { lanesAt, loadLanes, storeLanes } from './lanes';
import { madd, sigmoid4, tanh4 } from './vector';

/**
 * The pointwise parts of recurrent cells, forward and backward; their formulas and the layouts of their tensors are those of
 * model-ops/lstm-gates, gru-reset and gru-update in core.
 *
 * `terms` is the address of `count` addresses. `active` is that of a byte a row, or 0 when all rows are.
 */

export function lstmGates(
  terms: usize,
  count: u32,
  state: usize,
  active: usize,
  next: usize,
  gates: usize,
  rows: u32,
  units: u32,
): void {
  const group = <usize>units << 2;
  for (let row: usize = 0; row < rows; row++, state += 2 * group, next += 2 * group, gates += 5 * group) {
    if (isInactive(active, row)) {
      memory.copy(next, state, 2 * group);
      memory.fill(gates, 0, 5 * group);
      continue;
    }
    for (let n: usize = 0; n < group; n += 16) {
      const lanes = lanesAt(n, group);
      const at = row * 4 * group + n;
      const i = sigmoid4(sumAt(terms, count, at, lanes));
      const f = sigmoid4(sumAt(terms, count, at + group, lanes));
      const g = tanh4(sumAt(terms, count, at + 2 * group, lanes));
      const o = sigmoid4(sumAt(terms, count, at + 3 * group, lanes));
      const cell = madd(f32x4.mul(i, g), f, loadLanes(state + group + n, lanes));
      const squashed = tanh4(cell);
      storeLanes(next + n, f32x4.mul(o, squashed), lanes);
      storeLanes(next + group + n, cell, lanes);
      storeLanes(gates + n, i, lanes);
      storeLanes(gates + group + n, f, lanes);
      storeLanes(gates + 2 * group + n, g, lanes);
      storeLanes(gates + 3 * group + n, o, lanes);
      storeLanes(gates + 4 * group + n, squashed, lanes);
    }
  }
}

export function lstmGatesGrad(
  state: usize,
  gates: usize,
  dNext: usize,
  active: usize,
  dTerms: usize,
  dState: usize,
  rows: u32,
  units: u32,
): void {
  const group = <usize>units << 2;
  for (let row: usize = 0; row < rows; row++) {
    if (isInactive(active, row)) {
      memory.fill(dTerms, 0, 4 * group);
      memory.copy(dState, dNext, 2 * group);
    } else {
      memory.fill(dState, 0, group);
      for (let n: usize = 0; n < group; n += 16) {
        const lanes = lanesAt(n, group);
        const i = loadLanes(gates + n, lanes);
        const f = loadLanes(gates + group + n, lanes);
        const g = loadLanes(gates + 2 * group + n, lanes);
        const o = loadLanes(gates + 3 * group + n, lanes);
        const squashed = loadLanes(gates + 4 * group + n, lanes);
        const dHidden = loadLanes(dNext + n, lanes);
        const dCell = madd(loadLanes(dNext + group + n, lanes), f32x4.mul(dHidden, o), tanhSlope(squashed));
        const dForget = f32x4.mul(dCell, loadLanes(state + group + n, lanes));
        storeLanes(dTerms + n, f32x4.mul(f32x4.mul(dCell, g), sigmoidSlope(i)), lanes);
        storeLanes(dTerms + group + n, f32x4.mul(dForget, sigmoidSlope(f)), lanes);
        storeLanes(dTerms + 2 * group + n, f32x4.mul(f32x4.mul(dCell, i), tanhSlope(g)), lanes);
        storeLanes(dTerms + 3 * group + n, f32x4.mul(f32x4.mul(dHidden, squashed), sigmoidSlope(o)), lanes);
        storeLanes(dState + group + n, f32x4.mul(dCell, f), lanes);
      }
    }
    state += 2 * group;
    gates += 5 * group;
    dNext += 2 * group;
    dTerms += 4 * group;
    dState += 2 * group;
  }
}

export function gruReset(
  terms: usize,
  count: u32,
  state: usize,
  opened: usize,
  gates: usize,
  rows: u32,
  units: u32,
): void {
  const group = <usize>units << 2;
  for (let row: usize = 0; row < rows; row++, state += group, opened += 2 * group, gates += 2 * group) {
    for (let n: usize = 0; n < group; n += 16) {
      const lanes = lanesAt(n, group);
      const at = row * 2 * group + n;
      const r = sigmoid4(sumAt(terms, count, at, lanes));
      const z = sigmoid4(sumAt(terms, count, at + group, lanes));
      storeLanes(opened + n, f32x4.mul(r, loadLanes(state + n, lanes)), lanes);
      storeLanes(opened + group + n, z, lanes);
      storeLanes(gates + n, r, lanes);
      storeLanes(gates + group + n, z, lanes);
    }
  }
}

export function gruResetGrad(
  state: usize,
  gates: usize,
  dOpened: usize,
  dTerms: usize,
  dState: usize,
  rows: u32,
  units: u32,
): void {
  const group = <usize>units << 2;
  for (let row: usize = 0; row < rows; row++) {
    for (let n: usize = 0; n < group; n += 16) {
      const lanes = lanesAt(n, group);
      const r = loadLanes(gates + n, lanes);
      const z = loadLanes(gates + group + n, lanes);
      const d = loadLanes(dOpened + n, lanes);
      storeLanes(dTerms + n, f32x4.mul(f32x4.mul(d, loadLanes(state + n, lanes)), sigmoidSlope(r)), lanes);
      storeLanes(dTerms + group + n, f32x4.mul(loadLanes(dOpened + group + n, lanes), sigmoidSlope(z)), lanes);
      storeLanes(dState + n, f32x4.mul(d, r), lanes);
    }
    state += group;
    gates += 2 * group;
    dOpened += 2 * group;
    dTerms += 2 * group;
    dState += group;
  }
}

export function gruUpdate(
  terms: usize,
  count: u32,
  opened: usize,
  state: usize,
  active: usize,
  next: usize,
  candidate: usize,
  rows: u32,
  units: u32,
): void {
  const group = <usize>units << 2;
  for (let row: usize = 0; row < rows; row++) {
    if (isInactive(active, row)) {
      memory.copy(next, state, group);
      memory.fill(candidate, 0, group);
    } else {
      for (let n: usize = 0; n < group; n += 16) {
        const lanes = lanesAt(n, group);
        const proposed = tanh4(sumAt(terms, count, row * group + n, lanes));
        const h = loadLanes(state + n, lanes);
        const z = loadLanes(opened + group + n, lanes);
        storeLanes(candidate + n, proposed, lanes);
        storeLanes(next + n, madd(h, z, f32x4.sub(proposed, h)), lanes);
      }
    }
    opened += 2 * group;
    state += group;
    next += group;
    candidate += group;
  }
}

export function gruUpdateGrad(
  opened: usize,
  state: usize,
  candidate: usize,
  dNext: usize,
  active: usize,
  dTerms: usize,
  dOpened: usize,
  dState: usize,
  rows: u32,
  units: u32,
): void {
  const group = <usize>units << 2;
  for (let row: usize = 0; row < rows; row++) {
    if (isInactive(active, row)) {
      memory.fill(dTerms, 0, group);
      memory.fill(dOpened, 0, 2 * group);
      memory.copy(dState, dNext, group);
    } else {
      memory.fill(dOpened, 0, group);
      for (let n: usize = 0; n < group; n += 16) {
        const lanes = lanesAt(n, group);
        const z = loadLanes(opened + group + n, lanes);
        const proposed = loadLanes(candidate + n, lanes);
        const d = loadLanes(dNext + n, lanes);
        storeLanes(dTerms + n, f32x4.mul(f32x4.mul(d, z), tanhSlope(proposed)), lanes);
        storeLanes(dOpened + group + n, f32x4.mul(d, f32x4.sub(proposed, loadLanes(state + n, lanes))), lanes);
        storeLanes(dState + n, f32x4.mul(d, f32x4.sub(f32x4.splat(1), z)), lanes);
      }
    }
    opened += 2 * group;
    state += group;
    candidate += group;
    dNext += group;
    dTerms += group;
    dOpened += 2 * group;
    dState += group;
  }
}

// @ts-ignore: decorator
@inline
function isInactive(active: usize, row: usize): bool {
  return active != 0 && load<u8>(active + row) == 0;
}

/** Numbers of all terms at a byte offset, added up. */
// @ts-ignore: decorator
@inline
function sumAt(terms: usize, count: u32, at: usize, lanes: i32): v128 {
  let sum = loadLanes(<usize>load<u32>(terms) + at, lanes);
  for (let n: u32 = 1; n < count; n++) {
    sum = f32x4.add(sum, loadLanes(<usize>load<u32>(terms + (n << 2)) + at, lanes));
  }
  return sum;
}

/** σ′ in terms of σ. */
// @ts-ignore: decorator
@inline
function sigmoidSlope(y: v128): v128 {
  return f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
}

/** tanh′ in terms of tanh. */
// @ts-ignore: decorator
@inline
function tanhSlope(y: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
}
