import { tilesOf } from './grid.js';

/** What is computed at a time: row tiles [row, row + rows) of batch rows and heads [n, n + count). */
export interface Chunk {
  readonly n: number;
  readonly count: number;
  readonly row: number;
  readonly rows: number;
}

const TILE_BYTES = 16 * Float32Array.BYTES_PER_ELEMENT;

/** All of [n, queries, keys] scores in as few parts as do with so much memory each. */
export function chunksOf(n: number, queries: number, keys: number, bytes: number): Chunk[] {
  const rowTiles = tilesOf(queries);
  const most = Math.max(1, Math.floor(bytes / (tilesOf(keys) * TILE_BYTES)));
  const rows = Math.min(rowTiles, most);
  const count = rows < rowTiles ? 1 : Math.min(n, Math.floor(most / rowTiles));
  const chunks: Chunk[] = [];
  for (let first = 0; first < n; first += count) {
    for (let row = 0; row < rowTiles; row += rows) {
      chunks.push({ n: first, count: Math.min(count, n - first), row, rows: Math.min(rows, rowTiles - row) });
    }
  }
  return chunks;
}

/** Where a chunk is, for shaders. */
export const origin = ({ n, row }: Chunk): { firstN: number; firstRow: number } => ({ firstN: n, firstRow: row });
