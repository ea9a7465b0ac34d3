/**
 * Loop that only multiplies and adds registers, in twelve sums, so that none waits for another: code that reads memory can't be
 * faster. `asc assembly/ceiling.ts -O3 --noAssert --runtime stub --use abort= --enable simd [--enable relaxed-simd]` made the
 * bytes in src/wasm/ceiling.ts.
 */
// @ts-ignore: decorator
@inline
function madd(s: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, s) : f32x4.add(s, f32x4.mul(a, b));
}

export function multiplyAdd(n: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x), b = f32x4.splat(y);
  let s0 = a, s1 = b, s2 = a, s3 = b, s4 = a, s5 = b, s6 = a, s7 = b, s8 = a, s9 = b, sa = a, sb = b;
  for (let i = 0; i < n; i++) {
    s0 = madd(s0, a, b), s1 = madd(s1, a, b), s2 = madd(s2, a, b), s3 = madd(s3, a, b);
    s4 = madd(s4, a, b), s5 = madd(s5, a, b), s6 = madd(s6, a, b), s7 = madd(s7, a, b);
    s8 = madd(s8, a, b), s9 = madd(s9, a, b), sa = madd(sa, a, b), sb = madd(sb, a, b);
  }
  const low = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(s4, s5));
  const high = f32x4.add(f32x4.add(f32x4.add(s6, s7), f32x4.add(s8, s9)), f32x4.add(sa, sb));
  return f32x4.extract_lane(f32x4.add(low, high), 0);
}
