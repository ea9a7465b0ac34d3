import { SMALL_SIDE, type SmallMaps } from '../../engine/jobs.js';

interface Extent {
  /** Number of maps. */
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Small maps of large ones: each cell is the greatest weight of those that it stands for, so that a lone strong weight is seen. Every map
 * has a scale of its own, from 0 to its greatest weight.
 *
 * @param maps weights, row by row, of `rows` × `columns` each
 */
export function smallMaps(maps: Iterable<Float32Array>, { count, rows, columns }: Extent): SmallMaps {
  const [height, width] = [Math.min(rows, SMALL_SIDE), Math.min(columns, SMALL_SIDE)];
  const cells = new Uint8Array(count * height * width);
  const rowOf = placesOf(rows, height);
  const columnOf = placesOf(columns, width);
  const pooled = new Float32Array(height * width);
  let start = 0;
  for (const map of maps) {
    pooled.fill(0);
    let peak = 0;
    for (let i = 0, at = 0; i < rows; i++) {
      const row = rowOf[i]! * width;
      for (let j = 0; j < columns; j++, at++) {
        const weight = map[at]!;
        const cell = row + columnOf[j]!;
        if (weight > pooled[cell]!) pooled[cell] = weight;
        if (weight > peak) peak = weight;
      }
    }
    const scale = peak > 0 ? 255 / peak : 0;
    for (let cell = 0; cell < pooled.length; cell++) cells[start + cell] = Math.round(pooled[cell]! * scale);
    start += pooled.length;
  }
  return { rows: height, columns: width, cells };
}

/** The cell, of `cells`, that each of `length` places falls into. */
const placesOf = (length: number, cells: number): Uint16Array =>
  Uint16Array.from({ length }, (_, n) => Math.floor((n * cells) / length));
