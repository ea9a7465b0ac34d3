import { LEFT, RIGHT, ROWS, laneStart } from './tile.js';

/** Panels of a matrix (see tile.ts), from one of them on. */
export interface Panels {
  readonly data: Float64Array;
  readonly start: number;
  /** Distance from one panel to the next. */
  readonly stride: number;
  readonly count: number;
}

/** Tiles that a product is added to: as many rows and columns of them as its factors have panels. */
type Sums = Omit<Panels, 'count'>;

/**
 * C += A·B on panels: C[i, j] += Σ_k A[i, k]·B[k, j] for all rows i of A's panels and columns j of B's. Lanes that only fill up a
 * panel of A or B reach only such lanes of C.
 */
export function multiplyAdd(a: Panels, b: Panels, depth: number, c: Sums): void {
  for (let k0 = 0; k0 < depth; k0 += STAGED_DEPTH) {
    const staged = Math.min(STAGED_DEPTH, depth - k0);
    for (let p0 = 0; p0 < a.count; p0 += STAGED_PANELS) {
      const panels = Math.min(STAGED_PANELS, a.count - p0);
      stageLeft(a.data, a.start + p0 * a.stride + k0 * LEFT, a.stride, panels, staged * LEFT);
      for (let q = 0; q < b.count; q++) {
        const bi = b.start + q * b.stride + k0 * RIGHT;
        right0.set(b.data.subarray(bi, bi + staged * RIGHT));
        let ci = c.start + p0 * c.stride + q * (LEFT * RIGHT);
        for (let p = 0; p < panels; p++, ci += c.stride) multiplyStaged(p * staged * LEFT, staged, c.data, ci);
      }
    }
  }
}

/**
 * Operands are copied into two arrays that are always the same, so that V8 compiles their address and length into the
 * inner loop instead of fetching both at each access. That makes it 60 % faster (measured); the copies cost 2–5 %.
 */
const STAGED_PANELS = ROWS / LEFT;
/** One panel of B (6 KB) then stays in the first-level cache, and the block of A (128 KB) in the second. */
const STAGED_DEPTH = 256;

/**
 * One array seen from each of its first `lanes` numbers on: at the same index, views hold the lanes of a panel. V8 then checks one index
 * against the one length that they have, and adds nothing to it, for all lanes of a round: another 25 % (measured).
 */
function lanesOf(lanes: number, length: number): readonly Float64Array[] {
  const { buffer } = new Float64Array(length + lanes - 1);
  return Array.from(
    { length: lanes },
    (_, lane) => new Float64Array(buffer, lane * Float64Array.BYTES_PER_ELEMENT, length),
  );
}

const [left0, left1] = /* @__PURE__ */ lanesOf(LEFT, ROWS * STAGED_DEPTH) as [Float64Array, Float64Array];
const [right0, right1, right2] = /* @__PURE__ */ lanesOf(RIGHT, RIGHT * STAGED_DEPTH) as [
  Float64Array,
  Float64Array,
  Float64Array,
];

function stageLeft(a: Float64Array, start: number, stride: number, panels: number, length: number): void {
  if (stride === length) {
    left0.set(a.subarray(start, start + panels * length));
    return;
  }
  for (let p = 0; p < panels; p++) {
    const from = start + p * stride;
    left0.set(a.subarray(from, from + length), p * length);
  }
}

/**
 * The 2 × 3 sums of one panel of A, from `ai` on, and the panel of B. For V8: `|0` says that an index stays an int32,
 * which saves an overflow check on each access; and LEFT and RIGHT are literals here, since imported constants would be
 * fetched from their module in each round.
 */
function multiplyStaged(ai: number, depth: number, c: Float64Array, ci: number): void {
  let c00 = 0;
  let c10 = 0;
  let c01 = 0;
  let c11 = 0;
  let c02 = 0;
  let c12 = 0;
  const end = (ai + 2 * depth) | 0;
  for (let bi = 0; ai < end; ai = (ai + 2) | 0, bi = (bi + 3) | 0) {
    const a0 = left0[ai];
    const a1 = left1[ai];
    const b0 = right0[bi];
    const b1 = right1[bi];
    const b2 = right2[bi];
    c00 += a0 * b0;
    c10 += a1 * b0;
    c01 += a0 * b1;
    c11 += a1 * b1;
    c02 += a0 * b2;
    c12 += a1 * b2;
  }
  c[ci] += c00;
  c[ci + 1] += c10;
  c[ci + 2] += c01;
  c[ci + 3] += c11;
  c[ci + 4] += c02;
  c[ci + 5] += c12;
}

/**
 * C[i, :] += weight·B[k, :] for one pair. The slow form of `multiplyAdd`, for tiles in which a masked position meets NaN
 * or ±∞: 0·NaN must not happen, so pairs are picked one by one.
 */
export function addScaledRow(
  weight: number,
  b: Float64Array,
  bStart: number,
  bStride: number,
  k: number,
  bPanels: number,
  c: Float64Array,
  cStart: number,
  cStride: number,
  i: number,
): void {
  let ci = cStart + laneStart(i, cStride);
  for (let q = 0; q < bPanels; q++) {
    const bi = bStart + q * bStride + k * RIGHT;
    for (let r = 0; r < RIGHT; r++, ci += LEFT) c[ci] += weight * b[bi + r];
  }
}
