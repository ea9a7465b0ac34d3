import { sum4 } from './vector';

/** y = γ ∘ (x − μ) / √(σ² + ε) + β of rows, with what the gradient needs: (x − μ) / √(σ² + ε), and 1 / √(σ² + ε) of each row. */
export function layerNorm(
  x: usize,
  gain: usize,
  bias: usize,
  y: usize,
  normal: usize,
  inverse: usize,
  rows: u32,
  width: u32,
  epsilon: f32,
): void {
  const end = <usize>width << 2;
  for (let row: u32 = 0; row < rows; row++, x += end, y += end, normal += end, inverse += 4) {
    const mean = sum(x, end) / <f32>width;
    const scale: f32 = 1 / sqrt<f32>(centre(x, mean, normal, end) / <f32>width + epsilon);
    store<f32>(inverse, scale);
    const scales = f32x4.splat(scale);
    let n: usize = 0;
    for (; n + 16 <= end; n += 16) {
      const z = f32x4.mul(v128.load(normal + n), scales);
      v128.store(normal + n, z);
      v128.store(y + n, f32x4.add(f32x4.mul(z, v128.load(gain + n)), v128.load(bias + n)));
    }
    for (; n < end; n += 4) {
      const z = load<f32>(normal + n) * scale;
      store<f32>(normal + n, z);
      store<f32>(y + n, z * load<f32>(gain + n) + load<f32>(bias + n));
    }
  }
}

function sum(x: usize, end: usize): f32 {
  let sums = f32x4.splat(0);
  let n: usize = 0;
  for (; n + 16 <= end; n += 16) sums = f32x4.add(sums, v128.load(x + n));
  let total = sum4(sums);
  for (; n < end; n += 4) total += load<f32>(x + n);
  return total;
}

/** Writes x − μ, and returns the sum of its squares. */
function centre(x: usize, mean: f32, to: usize, end: usize): f32 {
  const means = f32x4.splat(mean);
  let sums = f32x4.splat(0);
  let n: usize = 0;
  for (; n + 16 <= end; n += 16) {
    const z = f32x4.sub(v128.load(x + n), means);
    v128.store(to + n, z);
    sums = f32x4.add(sums, f32x4.mul(z, z));
  }
  let total = sum4(sums);
  for (; n < end; n += 4) {
    const z = load<f32>(x + n) - mean;
    store<f32>(to + n, z);
    total += z * z;
  }
  return total;
}
