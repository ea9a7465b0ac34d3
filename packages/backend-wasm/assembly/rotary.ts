/**
 * Rotary embedding of x [batch, heads, time, width] by tables [P, pairs] of cosines and sines, of which position t has row start + t; or row
 * rows[b, t], an int32, where `rows` isn't 0. Features of pair i are i and i + pairs in halves, else 2i and 2i + 1; those after all pairs
 * are copied. A negative `direction` turns back.
 */
export function rotaryEmbedding(
  x: usize,
  cos: usize,
  sin: usize,
  y: usize,
  batch: u32,
  heads: u32,
  time: u32,
  width: u32,
  pairs: u32,
  inHalves: bool,
  direction: f32,
  start: u32,
  rows: usize,
): void {
  const stride = <usize>width << 2;
  const half = <usize>pairs << 2;
  for (let b: u32 = 0; b < batch; b++, rows += rows == 0 ? 0 : <usize>time << 2) {
    for (let h: u32 = 0; h < heads; h++) {
      for (let t: u32 = 0; t < time; t++, x += stride, y += stride) {
        const row = rows == 0 ? start + t : load<u32>(rows + (<usize>t << 2));
        const at = <usize>row * half;
        if (inHalves) turnHalves(x, cos + at, sin + at, y, half, direction);
        else turnNeighbours(x, cos + at, sin + at, y, half, direction);
        for (let n: usize = 2 * half; n < stride; n += 4) store<f32>(y + n, load<f32>(x + n));
      }
    }
  }
}

function turnHalves(x: usize, cos: usize, sin: usize, y: usize, half: usize, direction: f32): void {
  const directions = f32x4.splat(direction);
  let n: usize = 0;
  for (; n + 16 <= half; n += 16) {
    const c = v128.load(cos + n);
    const s = f32x4.mul(v128.load(sin + n), directions);
    const a = v128.load(x + n);
    const b = v128.load(x + half + n);
    v128.store(y + n, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)));
    v128.store(y + half + n, f32x4.add(f32x4.mul(a, s), f32x4.mul(b, c)));
  }
  for (; n < half; n += 4) turnPair(x + n, x + half + n, cos + n, sin + n, y + n, y + half + n, direction);
}

function turnNeighbours(x: usize, cos: usize, sin: usize, y: usize, half: usize, direction: f32): void {
  const directions = f32x4.splat(direction);
  let n: usize = 0;
  for (; n + 16 <= half; n += 16) {
    const c = v128.load(cos + n);
    const s = f32x4.mul(v128.load(sin + n), directions);
    const first = v128.load(x + 2 * n);
    const second = v128.load(x + 2 * n, 16);
    const a = v128.shuffle<f32>(first, second, 0, 2, 4, 6);
    const b = v128.shuffle<f32>(first, second, 1, 3, 5, 7);
    const u = f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s));
    const v = f32x4.add(f32x4.mul(a, s), f32x4.mul(b, c));
    v128.store(y + 2 * n, v128.shuffle<f32>(u, v, 0, 4, 1, 5));
    v128.store(y + 2 * n, v128.shuffle<f32>(u, v, 2, 6, 3, 7), 16);
  }
  for (; n < half; n += 4) {
    turnPair(x + 2 * n, x + 2 * n + 4, cos + n, sin + n, y + 2 * n, y + 2 * n + 4, direction);
  }
}

// @ts-ignore: decorator
@inline
function turnPair(first: usize, second: usize, cos: usize, sin: usize, u: usize, v: usize, direction: f32): void {
  const a = load<f32>(first);
  const b = load<f32>(second);
  const c = load<f32>(cos);
  const s = load<f32>(sin) * direction;
  store<f32>(u, a * c - b * s);
  store<f32>(v, a * s + b * c);
}
