import { PANEL } from './tile.js';

/**
 * C += A·Bᵀ on panels: C[i, j] += Σ_k A[i, k]·B[j, k], for `aPanels`·4 rows i and `bPanels`·4 columns j. All three are
 * float64; C is in panels too, so it can be the A of the next product. Padding lanes of A and B only reach padding lanes
 * of C.
 */
export function multiplyAdd(
  a: Float64Array,
  aStart: number,
  aStride: number,
  aPanels: number,
  b: Float64Array,
  bStart: number,
  bStride: number,
  bPanels: number,
  depth: number,
  c: Float64Array,
  cStart: number,
  cStride: number,
): void {
  for (let q = 0; q < bPanels; q++) {
    const bi = bStart + q * bStride;
    const ci = cStart + q * (PANEL * PANEL);
    for (let p = 0; p < aPanels; p++) {
      multiplyAdd4x4(a, aStart + p * aStride, b, bi, depth, c, ci + p * cStride);
    }
  }
}

/**
 * Sixteen sums in locals, as many as there are registers; measured as fast as any other shape (5–6 GFLOP/s), and the
 * same for both operands, so every product of attention fits without repacking.
 */
function multiplyAdd4x4(
  a: Float64Array,
  ai: number,
  b: Float64Array,
  bi: number,
  depth: number,
  c: Float64Array,
  ci: number,
): void {
  let c00 = 0;
  let c10 = 0;
  let c20 = 0;
  let c30 = 0;
  let c01 = 0;
  let c11 = 0;
  let c21 = 0;
  let c31 = 0;
  let c02 = 0;
  let c12 = 0;
  let c22 = 0;
  let c32 = 0;
  let c03 = 0;
  let c13 = 0;
  let c23 = 0;
  let c33 = 0;
  const end = ai + PANEL * depth;
  for (; ai < end; ai += PANEL, bi += PANEL) {
    const a0 = a[ai];
    const a1 = a[ai + 1];
    const a2 = a[ai + 2];
    const a3 = a[ai + 3];
    let x = b[bi];
    c00 += a0 * x;
    c10 += a1 * x;
    c20 += a2 * x;
    c30 += a3 * x;
    x = b[bi + 1];
    c01 += a0 * x;
    c11 += a1 * x;
    c21 += a2 * x;
    c31 += a3 * x;
    x = b[bi + 2];
    c02 += a0 * x;
    c12 += a1 * x;
    c22 += a2 * x;
    c32 += a3 * x;
    x = b[bi + 3];
    c03 += a0 * x;
    c13 += a1 * x;
    c23 += a2 * x;
    c33 += a3 * x;
  }
  c[ci] += c00;
  c[ci + 1] += c10;
  c[ci + 2] += c20;
  c[ci + 3] += c30;
  c[ci + 4] += c01;
  c[ci + 5] += c11;
  c[ci + 6] += c21;
  c[ci + 7] += c31;
  c[ci + 8] += c02;
  c[ci + 9] += c12;
  c[ci + 10] += c22;
  c[ci + 11] += c32;
  c[ci + 12] += c03;
  c[ci + 13] += c13;
  c[ci + 14] += c23;
  c[ci + 15] += c33;
}

/**
 * C[i, :] += weight·B[k, :] for one pair, where B[k, :] is column k of `panels` panels of B. The slow form of
 * `multiplyAdd`, for tiles in which a masked position meets NaN or ±∞: 0·NaN must not happen, so pairs are picked one by
 * one.
 */
export function addScaledRow(
  weight: number,
  b: Float64Array,
  bStart: number,
  bStride: number,
  k: number,
  panels: number,
  c: Float64Array,
  cStart: number,
  cStride: number,
  i: number,
): void {
  const ci = cStart + (i >> 2) * cStride + (i & 3);
  for (let p = 0; p < panels; p++) {
    const bi = bStart + p * bStride + k * PANEL;
    for (let r = 0; r < PANEL; r++) c[ci + (p * PANEL + r) * PANEL] += weight * b[bi + r];
  }
}
