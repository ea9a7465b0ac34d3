/** Philox 4×32-10, four counters at a time; @see Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". */
const MULTIPLIER_0: u32 = 0xd2511f53;
const MULTIPLIER_1: u32 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;
const ROUNDS: i32 = 10;

/** What the last round left: word k of the counters in its four lanes. */
export let word0: v128 = i32x4.splat(0);
export let word1: v128 = i32x4.splat(0);
export let word2: v128 = i32x4.splat(0);
export let word3: v128 = i32x4.splat(0);

/** Sets the words of four counters. */
// @ts-ignore: decorator
@inline
export function philox(counter0: v128, counter1: v128, counter2: v128, counter3: v128, key0: u32, key1: u32): void {
  let c0 = counter0;
  let c1 = counter1;
  let c2 = counter2;
  let c3 = counter3;
  const m0 = i32x4.splat(MULTIPLIER_0);
  const m1 = i32x4.splat(MULTIPLIER_1);
  for (let round = 0; round < ROUNDS; round++) {
    const even0 = i64x2.extmul_low_i32x4_u(c0, m0);
    const odd0 = i64x2.extmul_high_i32x4_u(c0, m0);
    const even1 = i64x2.extmul_low_i32x4_u(c2, m1);
    const odd1 = i64x2.extmul_high_i32x4_u(c2, m1);
    const high0 = v128.shuffle<i32>(even0, odd0, 1, 3, 5, 7);
    const high1 = v128.shuffle<i32>(even1, odd1, 1, 3, 5, 7);
    c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(key0));
    c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(key1));
    c1 = v128.shuffle<i32>(even1, odd1, 0, 2, 4, 6);
    c3 = v128.shuffle<i32>(even0, odd0, 0, 2, 4, 6);
    key0 += WEYL_0;
    key1 += WEYL_1;
  }
  word0 = c0;
  word1 = c1;
  word2 = c2;
  word3 = c3;
}
