import { exp1, exp4, max4, sigmoid4, sum4, tanh4 } from './vector';

/** Functions of each number. The last, incomplete vector goes through the same code, so a number's place doesn't matter. */

export function exp(from: usize, to: usize, count: u32): void {
  const whole = count & ~3;
  for (let n: u32 = 0; n < whole; n += 4) v128.store(to + (n << 2), exp4(v128.load(from + (n << 2))));
  for (let n = whole; n < count; n++) store<f32>(to + (n << 2), exp1(load<f32>(from + (n << 2))));
}

export function tanh(from: usize, to: usize, count: u32): void {
  const whole = count & ~3;
  for (let n: u32 = 0; n < whole; n += 4) v128.store(to + (n << 2), tanh4(v128.load(from + (n << 2))));
  for (let n = whole; n < count; n++) {
    store<f32>(to + (n << 2), f32x4.extract_lane(tanh4(v128.load_splat<f32>(from + (n << 2))), 0));
  }
}

export function sigmoid(from: usize, to: usize, count: u32): void {
  const whole = count & ~3;
  for (let n: u32 = 0; n < whole; n += 4) v128.store(to + (n << 2), sigmoid4(v128.load(from + (n << 2))));
  for (let n = whole; n < count; n++) {
    store<f32>(to + (n << 2), f32x4.extract_lane(sigmoid4(v128.load_splat<f32>(from + (n << 2))), 0));
  }
}

/** Softmax over rows of `width` numbers. */
export function softmax(from: usize, to: usize, rows: u32, width: u32): void {
  const whole = width & ~3;
  const end = width << 2;
  for (let row: u32 = 0; row < rows; row++, from += end, to += end) {
    let tops = f32x4.splat(-Infinity);
    for (let n: u32 = 0; n < whole; n += 4) tops = f32x4.max(tops, v128.load(from + (n << 2)));
    let top = max4(tops);
    for (let n = whole; n < width; n++) top = max<f32>(top, load<f32>(from + (n << 2)));
    let sums = f32x4.splat(0);
    for (let n: u32 = 0; n < whole; n += 4) {
      const e = exp4(f32x4.sub(v128.load(from + (n << 2)), f32x4.splat(top)));
      v128.store(to + (n << 2), e);
      sums = f32x4.add(sums, e);
    }
    let sum = sum4(sums);
    for (let n = whole; n < width; n++) {
      const e = exp1(load<f32>(from + (n << 2)) - top);
      store<f32>(to + (n << 2), e);
      sum += e;
    }
    const scale: f32 = 1 / sum;
    for (let n: u32 = 0; n < whole; n += 4) {
      v128.store(to + (n << 2), f32x4.mul(v128.load(to + (n << 2)), f32x4.splat(scale)));
    }
    for (let n = whole; n < width; n++) store<f32>(to + (n << 2), load<f32>(to + (n << 2)) * scale);
  }
}
