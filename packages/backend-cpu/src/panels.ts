import { PANEL } from './tile.js';

/** A matrix inside a flat array: element (lane, k) is `data[start + lane·laneStride + k·depthStride]`. */
export interface MatrixView {
  readonly data: Float32Array;
  readonly start: number;
  readonly laneStride: number;
  readonly depthStride: number;
}

/**
 * Copies `lanes` rows of length `depth`, times `scale`, into panels of four: out[start + p·stride + 4·k + r] is element
 * (4p + r, k). The last panel is filled up with zeros. Returns whether all elements are finite.
 */
export function packPanels(
  { data, start, laneStride, depthStride }: MatrixView,
  lanes: number,
  depth: number,
  scale: number,
  out: Float64Array,
  outStart: number,
  outStride: number,
): boolean {
  let poison = 0; // x − x is 0 for a finite x, else NaN
  const whole = lanes - (lanes % PANEL);
  for (let lane = 0; lane < whole; lane += PANEL) {
    let i0 = start + lane * laneStride;
    let i1 = i0 + laneStride;
    let i2 = i1 + laneStride;
    let i3 = i2 + laneStride;
    let o = outStart + (lane / PANEL) * outStride;
    for (let k = 0; k < depth; k++, o += PANEL) {
      const x0 = data[i0];
      const x1 = data[i1];
      const x2 = data[i2];
      const x3 = data[i3];
      out[o] = x0 * scale;
      out[o + 1] = x1 * scale;
      out[o + 2] = x2 * scale;
      out[o + 3] = x3 * scale;
      poison += x0 - x0 + (x1 - x1) + (x2 - x2) + (x3 - x3);
      i0 += depthStride;
      i1 += depthStride;
      i2 += depthStride;
      i3 += depthStride;
    }
  }
  if (whole < lanes) {
    const o = outStart + (whole / PANEL) * outStride;
    out.fill(0, o, o + depth * PANEL);
    for (let lane = whole; lane < lanes; lane++) {
      const i = start + lane * laneStride;
      const r = o + lane - whole;
      for (let k = 0; k < depth; k++) {
        const x = data[i + k * depthStride];
        out[r + k * PANEL] = x * scale;
        poison += x - x;
      }
    }
  }
  return poison === 0;
}

/** Writes `lanes` rows of `columns` numbers from panels, times `scale`, as float32 rows that are `rowStride` apart. */
export function unpackPanels(
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
    let i = start + (lane >> 2) * stride + (lane & 3);
    const o = outStart + lane * rowStride;
    for (let c = 0; c < columns; c++, i += PANEL) out[o + c] = panels[i] * scale;
  }
}
