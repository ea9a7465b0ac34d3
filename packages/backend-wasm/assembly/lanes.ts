/** Loads and stores of one to four floats: rows whose width isn't a multiple of four end in an incomplete vector. */

// @ts-ignore: decorator
@inline
export function loadLanes(from: usize, lanes: i32): v128 {
  return lanes == 4 ? v128.load(from) : loadFewer(from, lanes);
}

// @ts-ignore: decorator
@inline
export function storeLanes(to: usize, x: v128, lanes: i32): void {
  if (lanes == 4) v128.store(to, x);
  else storeFewer(to, x, lanes);
}

/** How many numbers of a row that ends at byte `end` stand in the vector at byte n. */
// @ts-ignore: decorator
@inline
export function lanesAt(n: usize, end: usize): i32 {
  return n + 16 <= end ? 4 : <i32>((end - n) >> 2);
}

function loadFewer(from: usize, lanes: i32): v128 {
  const x = v128.load32_zero(from);
  if (lanes == 1) return x;
  const xy = v128.load32_lane(from + 4, x, 1);
  return lanes == 2 ? xy : v128.load32_lane(from + 8, xy, 2);
}

function storeFewer(to: usize, x: v128, lanes: i32): void {
  v128.store32_lane(to, x, 0);
  if (lanes > 1) v128.store32_lane(to + 4, x, 1);
  if (lanes > 2) v128.store32_lane(to + 8, x, 2);
}
