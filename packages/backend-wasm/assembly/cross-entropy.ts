import { exp4, log1, max4, sum4 } from './vector';
import { loadLanes, storeLanes } from './lanes';

/**
 * Σ weight·H(target, softmax(logits)) over rows, and its gradient in the logits. A target gives 1 − smoothing to the row's
 * id and spreads `smoothing` over all classes, so that H = log Σ e^x − (1 − smoothing)·x[id] − smoothing·mean(x).
 */
export function crossEntropy(
  logits: usize,
  ids: usize,
  weights: usize,
  smoothing: f64,
  dLogits: usize,
  rows: u32,
  classes: u32,
): f64 {
  const end = <usize>classes << 2;
  const spread = smoothing / <f64>classes;
  let loss: f64 = 0;
  for (let row: usize = 0; row < rows; row++, logits += end, dLogits += end) {
    const weight = load<f32>(weights + (row << 2));
    if (weight == 0) {
      memory.fill(dLogits, 0, end);
      continue;
    }
    const top = largest(logits, end);
    const tops = f32x4.splat(top);
    let sum: f32 = 0;
    let total: f64 = 0;
    for (let n: usize = 0; n < end; n += 16) {
      const lanes = <i32>(min<usize>(16, end - n) >> 2);
      const x = f32x4.sub(lanes == 4 ? v128.load(logits + n) : padded(logits + n, lanes), tops);
      const e = exp4(x);
      sum += sum4(e);
      storeLanes(dLogits + n, e, lanes);
      if (smoothing != 0) for (let k = 0; k < lanes; k++) total += <f64>(load<f32>(logits + n + (k << 2)) - top);
    }
    const own = <usize>load<u32>(ids + (row << 2)) << 2;
    loss += <f64>weight * (<f64>log1(sum) - (1 - smoothing) * <f64>(load<f32>(logits + own) - top) - spread * total);
    const scale = f32x4.splat(weight / sum);
    const shift = f32x4.splat(<f32>(<f64>weight * spread));
    for (let n: usize = 0; n < end; n += 16) {
      const lanes = <i32>(min<usize>(16, end - n) >> 2);
      storeLanes(dLogits + n, f32x4.sub(f32x4.mul(loadLanes(dLogits + n, lanes), scale), shift), lanes);
    }
    store<f32>(dLogits + own, <f32>(<f64>load<f32>(dLogits + own) - <f64>weight * (1 - smoothing)));
  }
  return loss;
}

/** NaN when one of them is. */
function largest(from: usize, end: usize): f32 {
  let tops = f32x4.splat(-Infinity);
  for (let n: usize = 0; n < end; n += 16) {
    const lanes = <i32>(min<usize>(16, end - n) >> 2);
    tops = f32x4.max(tops, lanes == 4 ? v128.load(from + n) : padded(from + n, lanes));
  }
  return max4(tops);
}

/** The last, incomplete vector, filled up with −∞, whose exponential is 0. */
function padded(from: usize, lanes: i32): v128 {
  let x = f32x4.splat(-Infinity);
  x = f32x4.replace_lane(x, 0, load<f32>(from));
  if (lanes > 1) x = f32x4.replace_lane(x, 1, load<f32>(from + 4));
  if (lanes > 2) x = f32x4.replace_lane(x, 2, load<f32>(from + 8));
  return x;
}
