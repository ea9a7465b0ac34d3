import { Request } from './request';
import { TILE_ROW } from './tile';

/** Philox 4×32-10, four counters at a time; @see Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". */
const MULTIPLIER_0: u32 = 0xd2511f53;
const MULTIPLIER_1: u32 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;
const ROUNDS: i32 = 10;

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
  let c0 = i32x4.add(low, i32x4(0, 1, 2, 3));
  // A lane that wrapped around carries into its upper word.
  let c1 = i32x4.sub(i32x4.splat(<i32>(n >> 32)), i32x4.lt_u(c0, low));
  let c2 = i32x4.splat(0);
  let c3 = c2;
  let k0 = p.seedLow;
  let k1 = p.seedHigh;
  const m0 = i32x4.splat(MULTIPLIER_0);
  const m1 = i32x4.splat(MULTIPLIER_1);
  for (let round = 0; round < ROUNDS; round++) {
    const even0 = i64x2.extmul_low_i32x4_u(c0, m0);
    const odd0 = i64x2.extmul_high_i32x4_u(c0, m0);
    const even1 = i64x2.extmul_low_i32x4_u(c2, m1);
    const odd1 = i64x2.extmul_high_i32x4_u(c2, m1);
    const high0 = v128.shuffle<i32>(even0, odd0, 1, 3, 5, 7);
    const high1 = v128.shuffle<i32>(even1, odd1, 1, 3, 5, 7);
    c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(k0));
    c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(k1));
    c1 = v128.shuffle<i32>(even1, odd1, 0, 2, 4, 6);
    c3 = v128.shuffle<i32>(even0, odd0, 0, 2, 4, 6);
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  return c0;
}
