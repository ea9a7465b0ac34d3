import type { MatrixView } from './panels.js';

/**
 * One to four lanes of `thin` against all of `wide`, which is read in place: sums of thin lane t and wide lane w go to
 * out[outStart + t·thinStep + w·wideStep].
 */
export function thinProduct(
  thin: MatrixView,
  thinLanes: number,
  wide: MatrixView,
  wideLanes: number,
  depth: number,
  out: Float32Array,
  outStart: number,
  thinStep: number,
  wideStep: number,
): void {
  const sums = new Float64Array(wideLanes);
  for (let lane = 0; lane < thinLanes; lane++) {
    const from = thin.start + lane * thin.laneStride;
    sums.fill(0);
    addLane(thin.data, from, thin.depthStride, wide, wideLanes, depth, sums);
    const to = outStart + lane * thinStep;
    for (let w = 0; w < wideLanes; w++) out[to + w * wideStep] = sums[w];
  }
}

/** sums[w] += Σ_k x_k·wide(w, k), where x_k is data[from + k·step]. Pieces of 256 products are summed up first, as `multiplyAdd` does. */
export function addLane(
  data: Float32Array | Float64Array,
  from: number,
  step: number,
  wide: MatrixView,
  wideLanes: number,
  depth: number,
  sums: Float64Array,
): void {
  for (let k0 = 0; k0 < depth; k0 += STAGED_DEPTH) {
    const count = Math.min(STAGED_DEPTH, depth - k0);
    for (let k = 0; k < count; k++) staged[k] = data[from + (k0 + k) * step];
    addProducts(count, wide, wide.start + k0 * wide.depthStride, wideLanes, sums);
  }
}

/** A piece of a lane of `thin`, in an array that is always the same (see gemm.ts); lines of `wide` that it meets stay in the first-level cache. */
const STAGED_DEPTH = 256;
const staged = /* @__PURE__ */ new Float64Array(STAGED_DEPTH);

/** Lanes of `wide` taken at a time: their sums and indices stay in registers, and no sum waits for its last addition (measured). */
const LANES = 6;

/** sums[w] += Σ_k staged[k]·wide(w, k); `|0` keeps indices int32, which saves overflow checks. */
function addProducts(
  depth: number,
  { data, laneStride, depthStride }: MatrixView,
  start: number,
  lanes: number,
  sums: Float64Array,
): void {
  const lane = laneStride | 0;
  const step = depthStride | 0;
  let w = 0;
  for (; w + LANES <= lanes; w += LANES) {
    const r0 = (start + w * lane) | 0;
    const r1 = (r0 + lane) | 0;
    const r2 = (r1 + lane) | 0;
    const r3 = (r2 + lane) | 0;
    const r4 = (r3 + lane) | 0;
    const r5 = (r4 + lane) | 0;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    for (let k = 0, at = 0; k < depth; k = (k + 1) | 0, at = (at + step) | 0) {
      const x = staged[k];
      s0 += x * data[(r0 + at) | 0];
      s1 += x * data[(r1 + at) | 0];
      s2 += x * data[(r2 + at) | 0];
      s3 += x * data[(r3 + at) | 0];
      s4 += x * data[(r4 + at) | 0];
      s5 += x * data[(r5 + at) | 0];
    }
    sums[w] += s0;
    sums[w + 1] += s1;
    sums[w + 2] += s2;
    sums[w + 3] += s3;
    sums[w + 4] += s4;
    sums[w + 5] += s5;
  }
  for (; w < lanes; w++) {
    let sum = 0;
    for (let k = 0, at = start + w * lane; k < depth; k++, at += step) sum += staged[k] * data[at];
    sums[w] += sum;
  }
}
