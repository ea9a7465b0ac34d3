import { philox, word0 } from './philox';
import { Request } from './request';
import { TILE_ROW } from './tile';

/** 1/(1 − rate) where a weight is kept and 0 where it is dropped, for a tile whose first row starts at weight number n. */
export function dropoutFactors(p: Request, tile: usize, n: u64, rows: i32, cols: i32): void {
  const kept = f32x4.splat(p.kept);
  const threshold = i32x4.splat(p.threshold);
  for (let r = 0; r < rows; r++, n += <u64>p.keys) {
    for (let c = 0; c < cols; c += 4) {
      const dropped = i32x4.lt_u(firstWords(p, n + <u64>c), threshold);
      v128.store(tile + <usize>r * TILE_ROW + (<usize>c << 2), v128.andnot(kept, dropped));
    }
  }
}

/** The first output words for counters n … n + 3. */
function firstWords(p: Request, n: u64): v128 {
  const low = i32x4.splat(<i32>n);
  const c0 = i32x4.add(low, i32x4(0, 1, 2, 3));
  // A lane that wrapped around carries into its upper word.
  const c1 = i32x4.sub(i32x4.splat(<i32>(n >> 32)), i32x4.lt_u(c0, low));
  const zero = i32x4.splat(0);
  philox(c0, c1, zero, zero, p.seedLow, p.seedHigh);
  return word0;
}
