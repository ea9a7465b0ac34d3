import { Request } from './request';
import { TILE_ROW } from './tile';

/** Whether a bias may be −∞, which masks the position, so that no tile is FULL. */
// @ts-ignore: decorator
@inline
export function mayMask(p: Request): bool {
  return p.bias != 0 || p.table != 0;
}

/** Adds the bias to a tile of scores. */
export function addBias(p: Request, tile: usize, b: i32, h: i32, i0: i32, rows: i32, j0: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) {
    const row = tile + <usize>r * TILE_ROW;
    const i = i0 + r;
    if (p.bias) addDense(row, denseBias(p, b, h, i, j0), p.biasKey, cols);
    if (p.slopes) {
      const slope = load<f32>(p.slopes + (<usize>h << 2));
      const distance = j0 - i - load<i32>(p.slopeOffsets + (<usize>b << 2));
      for (let c = 0; c < cols; c++) {
        const at = row + (<usize>c << 2);
        store<f32>(at, load<f32>(at) - slope * <f32>abs(distance + c));
      }
    }
    if (p.table) {
      const middle = p.table + (<usize>tableMiddle(p, h) << 2);
      const distance = j0 - i - load<i32>(p.tableOffsets + (<usize>b << 2));
      for (let c = 0; c < cols; c++) {
        const at = row + (<usize>c << 2);
        store<f32>(at, added(load<f32>(at), load<f32>(middle + (<isize>clamped(p, distance + c) << 2))));
      }
    }
  }
}

function addDense(row: usize, from: usize, stride: i32, cols: i32): void {
  let c = 0;
  if (stride == 1) {
    for (; c + 4 <= cols; c += 4) {
      const at = row + (<usize>c << 2);
      const bias = v128.load(from + (<usize>c << 2));
      const masked = f32x4.eq(bias, f32x4.splat(-Infinity));
      v128.store(at, v128.bitselect(bias, f32x4.add(v128.load(at), bias), masked));
    }
  }
  for (; c < cols; c++) {
    const at = row + (<usize>c << 2);
    store<f32>(at, added(load<f32>(at), load<f32>(from + (<usize>(c * stride) << 2))));
  }
}

/** −∞ masks whatever the score is: NaN − ∞ would stay NaN. */
// @ts-ignore: decorator
@inline
function added(score: f32, bias: f32): f32 {
  return bias == -Infinity ? bias : score + bias;
}

/**
 * Sums a tile of score gradients, 0 where masked, over the positions that read the same entry: into `dBias`, float32, and
 * `dTable`, float64. A row is summed up first, which keeps the longest sums short.
 */
export function reduceBias(p: Request, tile: usize, b: i32, h: i32, i0: i32, rows: i32, j0: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) {
    const row = tile + <usize>r * TILE_ROW;
    const i = i0 + r;
    if (p.dBias) {
      const to = denseBias(p, b, h, i, j0) - p.bias + p.dBias;
      if (p.biasKey == 0) {
        let sum: f64 = 0;
        for (let c = 0; c < cols; c++) sum += load<f32>(row + (<usize>c << 2));
        store<f32>(to, <f32>(load<f32>(to) + sum));
      } else {
        for (let c = 0; c < cols; c++) {
          const at = to + (<usize>c << 2);
          store<f32>(at, load<f32>(at) + load<f32>(row + (<usize>c << 2)));
        }
      }
    }
    if (p.dTable) {
      const middle = p.dTable + (<usize>tableMiddle(p, h) << 3);
      const distance = j0 - i - load<i32>(p.tableOffsets + (<usize>b << 2));
      for (let c = 0; c < cols; c++) {
        const at = middle + (<isize>clamped(p, distance + c) << 3);
        store<f64>(at, load<f64>(at) + load<f32>(row + (<usize>c << 2)));
      }
    }
  }
}

function denseBias(p: Request, b: i32, h: i32, i: i32, j: i32): usize {
  const index =
    <usize>b * <usize>p.biasBatch +
    <usize>h * <usize>p.biasHead +
    <usize>i * <usize>p.biasQuery +
    <usize>j * <usize>p.biasKey;
  return p.bias + (index << 2);
}

/** Where distance 0 sits in the table for head h. */
function tableMiddle(p: Request, h: i32): i32 {
  return (p.tableHeads == 1 ? 0 : h * (2 * p.reach + 1)) + p.reach;
}

// @ts-ignore: decorator
@inline
function clamped(p: Request, distance: i32): i32 {
  return max(-p.reach, min(p.reach, distance));
}
