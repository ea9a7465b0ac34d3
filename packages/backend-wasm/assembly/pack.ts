import { HEIGHT, leftPanel } from './product';
import { up4, up8 } from './tile';
import { madd, sum4 } from './vector';

/**
 * Operands brought into the order in which `product` reads them, padded with zeros. Each function says whether all that it
 * read is finite: x·0 is NaN for the others.
 */

/** Panels of 8 columns of [rows, width], so that rows are the depth: number (r, n) at ⌊n/8⌋·panel + r·32 + (n mod 8)·4. */
export function packColumns(from: usize, stride: usize, rows: i32, width: i32, to: usize, panel: usize): bool {
  let check = f32x4.splat(0);
  let rest: f32 = 0;
  const whole = width & ~7;
  for (let r = 0; r < rows; r++) {
    let at = to + (<usize>r << 5);
    for (let n = 0; n < whole; n += 8, at += panel) {
      const x = v128.load(from + (<usize>n << 2));
      const y = v128.load(from + (<usize>n << 2), 16);
      v128.store(at, x);
      v128.store(at, y, 16);
      check = f32x4.add(check, f32x4.mul(f32x4.add(x, y), f32x4.splat(0)));
    }
    if (whole < width) {
      for (let n = 0; n < 8; n++) {
        let x: f32 = 0;
        if (whole + n < width) x = load<f32>(from + (<usize>(whole + n) << 2));
        store<f32>(at + (<usize>n << 2), x);
        rest += x * 0;
      }
    }
    from += stride;
  }
  return isFinite4(check, rest);
}

/**
 * Panels of `height` rows of [rows, width], so that columns are the depth: number (r, n) at
 * ⌊r/height⌋·panel + n·4·height + (r mod height)·4. Rows are padded to a multiple of 4, and to one of 8 in panels of 8.
 */
// @ts-ignore: decorator
@inline
function pack(from: usize, stride: usize, rows: i32, width: i32, to: usize, panel: usize, height: i32, checked: bool): bool {
  const step = <usize>height << 2;
  const padded = height == 8 ? up8(rows) : up4(rows);
  let check = f32x4.splat(0);
  let rest: f32 = 0;
  for (let r = 0; r < padded; r += 4, from += 4 * stride) {
    const here = rows - r;
    let at = to + <usize>(r / height) * panel + (<usize>(r % height) << 2);
    let n = 0;
    if (here >= 4) {
      for (; n + 4 <= width; n += 4, at += 4 * step) {
        check = f32x4.add(check, transpose4(from + (<usize>n << 2), stride, at, step, checked));
      }
    }
    for (; n < width; n++, at += step) {
      for (let k = 0; k < 4; k++) {
        let x: f32 = 0;
        if (k < here) x = load<f32>(from + <usize>k * stride + (<usize>n << 2));
        store<f32>(at + (<usize>k << 2), x);
        rest += x * 0;
      }
    }
  }
  return isFinite4(check, rest);
}

/** Panels of 8 rows, `panel` bytes apart: B, transposed. */
export function packRows(from: usize, stride: usize, rows: i32, width: i32, to: usize, panel: usize): bool {
  return pack(from, stride, rows, width, to, panel, 8, true);
}

/** Panels of 12 rows: A. */
export function packLeft(from: usize, stride: usize, rows: i32, width: i32, to: usize): bool {
  return pack(from, stride, rows, width, to, leftPanel(width), HEIGHT, true);
}

/** The same, where nothing is hidden; whether it is finite isn't asked. */
export function packUnchecked(from: usize, stride: usize, rows: i32, width: i32, to: usize): void {
  pack(from, stride, rows, width, to, leftPanel(width), HEIGHT, false);
}

/** Four rows of four to four columns; returns 0, or NaN where something isn't finite and that is asked. */
// @ts-ignore: decorator
@inline
function transpose4(from: usize, stride: usize, to: usize, step: usize, checked: bool): v128 {
  const r0 = v128.load(from);
  const r1 = v128.load(from + stride);
  const r2 = v128.load(from + 2 * stride);
  const r3 = v128.load(from + 3 * stride);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(to + step, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
  v128.store(to + 2 * step, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
  v128.store(to + 3 * step, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
  const zero = f32x4.splat(0);
  if (!checked) return zero;
  return f32x4.add(
    f32x4.add(f32x4.mul(r0, zero), f32x4.mul(r1, zero)),
    f32x4.add(f32x4.mul(r2, zero), f32x4.mul(r3, zero)),
  );
}

/** [rows, width] times `factor` to rows of `toStride` bytes, of which what is beyond `width` is zeroed. */
export function copyRows(from: usize, stride: usize, rows: i32, width: i32, to: usize, toStride: usize, factor: f32): bool {
  let check = f32x4.splat(0);
  let rest: f32 = 0;
  const factors = f32x4.splat(factor);
  const whole = width & ~3;
  for (let r = 0; r < rows; r++) {
    for (let n = 0; n < whole; n += 4) {
      const x = f32x4.mul(v128.load(from + (<usize>n << 2)), factors);
      v128.store(to + (<usize>n << 2), x);
      check = f32x4.add(check, f32x4.mul(x, f32x4.splat(0)));
    }
    for (let n = whole; n < width; n++) {
      const x = load<f32>(from + (<usize>n << 2)) * factor;
      store<f32>(to + (<usize>n << 2), x);
      rest += x * 0;
    }
    for (let at = <usize>width << 2; at < toStride; at += 4) store<f32>(to + at, 0);
    from += stride;
    to += toStride;
  }
  return isFinite4(check, rest);
}

/** `width` numbers times `factor`. */
export function scaleRow(from: usize, to: usize, width: i32, factor: f32): void {
  const end = <usize>width << 2;
  let n: usize = 0;
  for (; n + 16 <= end; n += 16) v128.store(to + n, f32x4.mul(v128.load(from + n), f32x4.splat(factor)));
  for (; n < end; n += 4) store<f32>(to + n, load<f32>(from + n) * factor);
}

/** `width` numbers times those of `factors`. */
export function scaleRowBy(from: usize, to: usize, width: i32, factors: usize): void {
  const end = <usize>width << 2;
  let n: usize = 0;
  for (; n + 16 <= end; n += 16) {
    v128.store(to + n, f32x4.mul(v128.load(from + n), v128.load(factors + n)));
  }
  for (; n < end; n += 4) store<f32>(to + n, load<f32>(from + n) * load<f32>(factors + n));
}

/** Σ a_n·b_n. */
export function dot(a: usize, b: usize, width: i32): f32 {
  const end = <usize>width << 2;
  let sums = f32x4.splat(0);
  let n: usize = 0;
  for (; n + 16 <= end; n += 16) sums = madd(sums, v128.load(a + n), v128.load(b + n));
  let sum = sum4(sums);
  for (; n < end; n += 4) sum += load<f32>(a + n) * load<f32>(b + n);
  return sum;
}

// @ts-ignore: decorator
@inline
function isFinite4(check: v128, rest: f32): bool {
  return rest == 0 && v128.all_true<i32>(f32x4.eq(check, f32x4.splat(0)));
}
