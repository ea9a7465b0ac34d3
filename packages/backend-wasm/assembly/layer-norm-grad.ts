import { addColumnSums, addProductSums, BLOCK_ROWS } from './column-sums';
import { sum4 } from './vector';

/**
 * Gradients of layer norm, given its gain, (x − μ)/σ and 1/σ: with g = γ ∘ dY, dX = (g − mean(g) − normal·mean(g ∘ normal)) / σ,
 * dγ = Σ dY ∘ normal and dβ = Σ dY.
 */
export function layerNormGrad(
  gain: usize,
  normal: usize,
  inverse: usize,
  dY: usize,
  dX: usize,
  dGain: usize,
  dBias: usize,
  rows: u32,
  width: u32,
): void {
  const end = <usize>width << 2;
  memory.fill(dGain, 0, end);
  memory.fill(dBias, 0, end);
  // Columns are summed while their block of rows is in the cache.
  for (let row: u32 = 0; row < rows; row += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, rows - row);
    const at = <usize>row * end;
    for (let r: usize = 0, from = at; r < count; r++, from += end) {
      const scale = load<f32>(inverse + ((<usize>row + r) << 2));
      rowGrad(gain, normal + from, dY + from, dX + from, scale, <f32>width, end);
    }
    addProductSums(dY + at, normal + at, dGain, count, end);
    addColumnSums(dY + at, dBias, count, end);
  }
}

function rowGrad(gain: usize, normal: usize, dY: usize, dX: usize, scale: f32, width: f32, end: usize): void {
  let sums = f32x4.splat(0);
  let alongs = sums;
  let n: usize = 0;
  for (; n + 16 <= end; n += 16) {
    const g = f32x4.mul(v128.load(gain + n), v128.load(dY + n));
    sums = f32x4.add(sums, g);
    alongs = f32x4.add(alongs, f32x4.mul(g, v128.load(normal + n)));
  }
  let sum = sum4(sums);
  let along = sum4(alongs);
  for (; n < end; n += 4) {
    const g = load<f32>(gain + n) * load<f32>(dY + n);
    sum += g;
    along += g * load<f32>(normal + n);
  }
  const mean = sum / width;
  along /= width;
  const means = f32x4.splat(mean);
  alongs = f32x4.splat(along);
  const scales = f32x4.splat(scale);
  n = 0;
  for (; n + 16 <= end; n += 16) {
    const g = f32x4.mul(v128.load(gain + n), v128.load(dY + n));
    const centred = f32x4.sub(f32x4.sub(g, means), f32x4.mul(v128.load(normal + n), alongs));
    v128.store(dX + n, f32x4.mul(centred, scales));
  }
  for (; n < end; n += 4) {
    const g = load<f32>(gain + n) * load<f32>(dY + n);
    store<f32>(dX + n, (g - mean - load<f32>(normal + n) * along) * scale);
  }
}
