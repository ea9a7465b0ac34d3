/** out[ids[n], :] += x[n, :], of float32 or int32; ids outside of [0, segments) are left out. */
export function segmentSum(
  from: usize,
  ids: usize,
  to: usize,
  rows: i32,
  width: i32,
  segments: i32,
  isFloat: bool,
): void {
  const stride = <usize>width << 2;
  memory.fill(to, 0, <usize>segments * stride);
  for (let row = 0; row < rows; row++, from += stride) {
    const id = load<i32>(ids + (<usize>row << 2));
    if (<u32>id >= <u32>segments) continue;
    const out = to + <usize>id * stride;
    let n: usize = 0;
    for (; n + 16 <= stride; n += 16) {
      const x = v128.load(from + n);
      const sum = v128.load(out + n);
      v128.store(out + n, isFloat ? f32x4.add(sum, x) : i32x4.add(sum, x));
    }
    for (; n < stride; n += 4) {
      if (isFloat) store<f32>(out + n, load<f32>(out + n) + load<f32>(from + n));
      else store<i32>(out + n, load<i32>(out + n) + load<i32>(from + n));
    }
  }
}
