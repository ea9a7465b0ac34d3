import { lanesAt, loadLanes, storeLanes } from './lanes';

/**
 * Windows of pictures x [B, H, W, C], for convolutions as products: what a filter [K, L] sees at each of its P × Q places in a picture is a row of
 * K·L·C numbers. Functions go over `count` rows of places, of the B·P that there are, from `first` on: windows are [count·Q, K·L·C].
 */

/** Takes windows of x, where what lies outside it is 0; or, `back`, adds windows to where they lie in x. */
export function moveWindows(
  x: usize,
  windows: usize,
  height: i32,
  width: i32,
  channels: i32,
  filterHeight: i32,
  filterWidth: i32,
  rows: i32,
  columns: i32,
  rowStride: i32,
  columnStride: i32,
  above: i32,
  before: i32,
  first: i32,
  count: i32,
  back: bool,
): void {
  const place = <usize>channels << 2;
  const run = <usize>filterWidth * place;
  for (let line = first; line < first + count; line++) {
    const picture = (line / rows) * height;
    const top = (line % rows) * rowStride - above;
    for (let q = 0; q < columns; q++) {
      const left = q * columnStride - before;
      const from = <usize>min(max(0, -left), filterWidth) * place;
      const to = max(<usize>max(min(filterWidth, width - left), 0) * place, from);
      for (let k = 0; k < filterHeight; k++, windows += run) {
        const row = top + k;
        const isOutside = row < 0 || row >= height || from == to;
        const inX = x + <usize>((picture + row) * width + left) * place + from;
        if (!back) takeRun(inX, windows, isOutside ? run : from, isOutside ? run : to, run);
        else if (!isOutside) addTo(inX, windows + from, to - from);
      }
    }
  }
}

/** A row of a window: from `from` on to `to` it is x's, and 0 before and after. */
// @ts-ignore: decorator
@inline
function takeRun(x: usize, window: usize, from: usize, to: usize, run: usize): void {
  if (from > 0) memory.fill(window, 0, from);
  copyRun(x, window + from, to - from);
  if (to < run) memory.fill(window + to, 0, run - to);
}

/** Adds so many numbers to as many others. */
export function addNumbers(from: usize, to: usize, count: u32): void {
  addTo(to, from, <usize>count << 2);
}

/** Short runs are copied here: `memory.copy` is a call for V8. */
// @ts-ignore: decorator
@inline
function copyRun(from: usize, to: usize, bytes: usize): void {
  let n: usize = 0;
  for (; n + 16 <= bytes; n += 16) v128.store(to + n, v128.load(from + n));
  for (; n < bytes; n += 4) store<f32>(to + n, load<f32>(from + n));
}

// @ts-ignore: decorator
@inline
function addTo(to: usize, from: usize, bytes: usize): void {
  for (let n: usize = 0; n < bytes; n += 16) {
    const lanes = lanesAt(n, bytes);
    storeLanes(to + n, f32x4.add(loadLanes(to + n, lanes), loadLanes(from + n, lanes)), lanes);
  }
}
