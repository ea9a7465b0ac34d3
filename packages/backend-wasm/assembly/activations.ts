import { addColumnSums, BLOCK_ROWS } from './column-sums';
import { lanesAt, loadLanes, storeLanes } from './lanes';
import { bell4, density4, distribution4 } from './normal-distribution';
import { madd, one, sigmoid4 } from './vector';

/**
 * Activations and their gradients, as core's model-ops/gelu, gelu-layer and swish have them. The last, incomplete vector of a row goes
 * through the same code, so a number's place doesn't matter.
 */

/** 2√(2/π), and that times 0.044715: σ of x·(LINEAR + CUBIC·x²) is ½(1 + tanh(√(2/π)(x + 0.044715x³))). */
const LINEAR: f32 = 1.5957691216057308;
const CUBIC: f32 = 0.07135481282566824;
/** From here on the slope of that σ is 0, also times x³. */
const FAR: f32 = 16;

/** GELU of x [rows, width] + bias [width], the exact one or that by tanh; bias is 0 where there is none. */
export function gelu(x: usize, bias: usize, y: usize, rows: u32, width: u32, byTanh: bool): void {
  const end = <usize>width << 2;
  for (let row: u32 = 0; row < rows; row++, x += end, y += end) {
    if (byTanh) {
      for (let n: usize = 0; n < end; n += 16) {
        const lanes = lanesAt(n, end);
        const a = biased(x, bias, n, lanes);
        storeLanes(y + n, f32x4.mul(a, sigmoid4(inner(a))), lanes);
      }
    } else {
      for (let n: usize = 0; n < end; n += 16) {
        const lanes = lanesAt(n, end);
        const a = biased(x, bias, n, lanes);
        storeLanes(y + n, f32x4.mul(a, distribution4(a, bell4(a))), lanes);
      }
    }
  }
}

/** dX of the same, and dBias where there is a bias. */
export function geluGrad(
  x: usize,
  bias: usize,
  dY: usize,
  dX: usize,
  dBias: usize,
  rows: u32,
  width: u32,
  byTanh: bool,
): void {
  const end = <usize>width << 2;
  if (bias != 0) memory.fill(dBias, 0, end);
  // Columns are summed while what is summed is in the cache.
  for (let row: u32 = 0; row < rows; row += BLOCK_ROWS) {
    const block = min(BLOCK_ROWS, rows - row);
    const at = <usize>row * end;
    for (let r: usize = 0, from = at; r < block; r++, from += end) {
      for (let n: usize = 0; n < end; n += 16) {
        const lanes = lanesAt(n, end);
        const a = biased(x + from, bias, n, lanes);
        const slope = byTanh ? slopeByTanh(a) : exactSlope(a);
        storeLanes(dX + from + n, f32x4.mul(slope, loadLanes(dY + from + n, lanes)), lanes);
      }
    }
    if (bias != 0) addColumnSums(dX + at, dBias, block, end);
  }
}

/** x·σ(βx) */
export function swish(x: usize, y: usize, count: u32, beta: f32): void {
  const end = <usize>count << 2;
  const betas = f32x4.splat(beta);
  for (let n: usize = 0; n < end; n += 16) {
    const lanes = lanesAt(n, end);
    const a = loadLanes(x + n, lanes);
    storeLanes(y + n, f32x4.mul(a, sigmoid4(f32x4.mul(betas, a))), lanes);
  }
}

export function swishGrad(x: usize, dY: usize, dX: usize, count: u32, beta: f32): void {
  const end = <usize>count << 2;
  const betas = f32x4.splat(beta);
  for (let n: usize = 0; n < end; n += 16) {
    const lanes = lanesAt(n, end);
    const a = f32x4.mul(betas, loadLanes(x + n, lanes));
    const gate = sigmoid4(a);
    const slope = madd(gate, a, f32x4.mul(gate, f32x4.sub(one, gate)));
    storeLanes(dX + n, f32x4.mul(slope, loadLanes(dY + n, lanes)), lanes);
  }
}

// @ts-ignore: decorator
@inline
function biased(x: usize, bias: usize, n: usize, lanes: i32): v128 {
  const a = loadLanes(x + n, lanes);
  return bias == 0 ? a : f32x4.add(a, loadLanes(bias + n, lanes));
}

// @ts-ignore: decorator
@inline
function inner(x: v128): v128 {
  return f32x4.mul(x, madd(f32x4.splat(LINEAR), f32x4.splat(CUBIC), f32x4.mul(x, x)));
}

/** Φ(x) + x·φ(x) */
// @ts-ignore: decorator
@inline
function exactSlope(x: v128): v128 {
  const bell = bell4(x);
  return madd(distribution4(x, bell), x, density4(bell));
}

// @ts-ignore: decorator
@inline
function slopeByTanh(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(FAR)), f32x4.splat(-FAR));
  const share = sigmoid4(inner(bounded));
  const slopeOfInner = madd(f32x4.splat(LINEAR), f32x4.splat(3 * CUBIC), f32x4.mul(bounded, bounded));
  const slopeOfShare = f32x4.mul(share, f32x4.sub(one, share));
  return madd(share, f32x4.mul(bounded, slopeOfInner), slopeOfShare);
}
