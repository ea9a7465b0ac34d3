import { LEFT, RIGHT, laneStart } from './tile.js';

/** A matrix inside a flat array: element (lane, k) is `data[start + lane·laneStride + k·depthStride]`. */
export interface MatrixView {
  readonly data: Float32Array;
  readonly start: number;
  readonly laneStride: number;
  readonly depthStride: number;
}

/**
 * Copies `lanes` rows of length `depth`, times `scale`, into panels of a left operand: element (LEFT·p + r, k) to
 * out[outStart + p·outStride + LEFT·k + r]. Lanes that no row is left for keep what they hold. Returns whether all
 * elements are finite, and so small (below 2⁵³) that no sum of their products is beyond float32.
 */
export function packLeft(
  view: MatrixView,
  lanes: number,
  depth: number,
  scale: number,
  out: Float64Array,
  outStart: number,
  outStride: number,
): boolean {
  return pack(view, lanes, depth, scale, out, outStart, outStride, LEFT);
}

/** The same for panels of a right operand, whose columns are the lanes: RIGHT instead of LEFT. */
export function packRight(
  view: MatrixView,
  lanes: number,
  depth: number,
  scale: number,
  out: Float64Array,
  outStart: number,
  outStride: number,
): boolean {
  return pack(view, lanes, depth, scale, out, outStart, outStride, RIGHT);
}

function pack(
  view: MatrixView,
  lanes: number,
  depth: number,
  scale: number,
  out: Float64Array,
  outStart: number,
  outStride: number,
  panel: number,
): boolean {
  const { data, start, laneStride, depthStride } = view;
  // x·2⁹⁷¹ − x·2⁹⁷¹ is 0 where that is finite, else NaN, and NaN stays.
  let poison = 0;
  const step = laneStride === 1 ? STRIP : panel;
  for (let lane = 0; lane < lanes; lane += step) {
    const count = Math.min(step, lanes - lane);
    const from = start + lane * laneStride;
    const to = outStart + (lane / panel) * outStride;
    poison +=
      laneStride === 1
        ? packAcross(data, from, depthStride, count, depth, scale, out, to, outStride, panel)
        : packAlong(data, from, laneStride, depthStride, count, depth, scale, out, to, panel);
  }
  return poison === 0;
}

/**
 * Lanes packed at a time when they are neighbours in memory: three whole lines of a cache, so that each line is fetched
 * once even when rows are a power of two apart and push each other out. A multiple of LEFT and RIGHT.
 */
const STRIP = 48;

const TOP = 2 ** 971;

/** Lanes are neighbours in memory: row after row of the source, over several panels. */
function packAcross(
  data: Float32Array,
  start: number,
  depthStride: number,
  lanes: number,
  depth: number,
  scale: number,
  out: Float64Array,
  outStart: number,
  outStride: number,
  panel: number,
): number {
  let poison = 0;
  for (let k = 0; k < depth; k++) {
    const from = start + k * depthStride;
    let to = outStart + k * panel;
    for (let lane = 0; lane < lanes; lane += panel, to += outStride) {
      const end = Math.min(lane + panel, lanes);
      for (let l = lane; l < end; l++) {
        const x = data[from + l] * scale;
        out[to + l - lane] = x;
        poison += x * TOP - x * TOP;
      }
    }
  }
  return poison;
}

/** One panel, lane after lane. */
function packAlong(
  data: Float32Array,
  start: number,
  laneStride: number,
  depthStride: number,
  lanes: number,
  depth: number,
  scale: number,
  out: Float64Array,
  outStart: number,
  panel: number,
): number {
  let poison = 0;
  for (let lane = 0; lane < lanes; lane++) {
    let from = start + lane * laneStride;
    let to = outStart + lane;
    for (let k = 0; k < depth; k++, from += depthStride, to += panel) {
      const x = data[from] * scale;
      out[to] = x;
      poison += x * TOP - x * TOP;
    }
  }
  return poison;
}

/** Writes `lanes` rows of `columns` numbers of a product, times `scale`, as float32 rows that are `rowStride` apart. */
export function unpack(
  panels: Float64Array,
  start: number,
  stride: number,
  lanes: number,
  columns: number,
  scale: number,
  out: Float32Array,
  outStart: number,
  rowStride: number,
): void {
  for (let lane = 0; lane < lanes; lane++) {
    let i = start + laneStart(lane, stride);
    const o = outStart + lane * rowStride;
    for (let c = 0; c < columns; c++, i += LEFT) out[o + c] = panels[i] * scale;
  }
}
