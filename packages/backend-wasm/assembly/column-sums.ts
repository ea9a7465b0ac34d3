/** Rows that are summed at a time, in registers: sums of sums are exacter than one long sum, and a block stays in the cache. */
export const BLOCK_ROWS: u32 = 32;

/** sums [width] = Σ over rows of x [rows, width]. */
export function columnSums(x: usize, sums: usize, rows: u32, width: u32): void {
  const end = <usize>width << 2;
  memory.fill(sums, 0, end);
  for (let row: u32 = 0; row < rows; row += BLOCK_ROWS) {
    addColumnSums(x + <usize>row * end, sums, min(BLOCK_ROWS, rows - row), end);
  }
}

/** Adds the sums over a block of rows, of `end` bytes each. */
export function addColumnSums(x: usize, sums: usize, rows: u32, end: usize): void {
  let n: usize = 0;
  for (; n + 64 <= end; n += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let from = x + n;
    for (let row: u32 = 0; row < rows; row++, from += end) {
      a = f32x4.add(a, v128.load(from));
      b = f32x4.add(b, v128.load(from, 16));
      c = f32x4.add(c, v128.load(from, 32));
      d = f32x4.add(d, v128.load(from, 48));
    }
    const to = sums + n;
    v128.store(to, f32x4.add(v128.load(to), a));
    v128.store(to, f32x4.add(v128.load(to, 16), b), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), c), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), d), 48);
  }
  for (; n < end; n += 4) {
    let sum: f32 = 0;
    let from = x + n;
    for (let row: u32 = 0; row < rows; row++, from += end) sum += load<f32>(from);
    store<f32>(sums + n, load<f32>(sums + n) + sum);
  }
}

/** Adds the sums over a block of rows of x ∘ y. */
export function addProductSums(x: usize, y: usize, sums: usize, rows: u32, end: usize): void {
  let n: usize = 0;
  for (; n + 32 <= end; n += 32) {
    let a = f32x4.splat(0);
    let b = a;
    let at = n;
    for (let row: u32 = 0; row < rows; row++, at += end) {
      a = f32x4.add(a, f32x4.mul(v128.load(x + at), v128.load(y + at)));
      b = f32x4.add(b, f32x4.mul(v128.load(x + at, 16), v128.load(y + at, 16)));
    }
    const to = sums + n;
    v128.store(to, f32x4.add(v128.load(to), a));
    v128.store(to, f32x4.add(v128.load(to, 16), b), 16);
  }
  for (; n < end; n += 4) {
    let sum: f32 = 0;
    let at = n;
    for (let row: u32 = 0; row < rows; row++, at += end) sum += load<f32>(x + at) * load<f32>(y + at);
    store<f32>(sums + n, load<f32>(sums + n) + sum);
  }
}
