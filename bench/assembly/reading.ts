/**
 * Loop that reads memory and adds what it finds, in eight sums, so that none waits for another: a step of decoding can't be faster than
 * reading the keys and values that it attends to. `asc assembly/reading.ts -O3 --noAssert --runtime stub --use abort= --enable simd`
 * made the bytes in src/wasm/reading.ts.
 *
 * @param bytes a multiple of 128
 */
export function sum(from: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (let at = from, end = from + bytes; at < end; at += 128) {
    s0 = f32x4.add(s0, v128.load(at, 0)), s1 = f32x4.add(s1, v128.load(at, 16));
    s2 = f32x4.add(s2, v128.load(at, 32)), s3 = f32x4.add(s3, v128.load(at, 48));
    s4 = f32x4.add(s4, v128.load(at, 64)), s5 = f32x4.add(s5, v128.load(at, 80));
    s6 = f32x4.add(s6, v128.load(at, 96)), s7 = f32x4.add(s7, v128.load(at, 112));
  }
  const low = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  const high = f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7));
  const all = f32x4.add(low, high);
  return f32x4.extract_lane(all, 0) + f32x4.extract_lane(all, 1) + f32x4.extract_lane(all, 2) + f32x4.extract_lane(all, 3);
}
