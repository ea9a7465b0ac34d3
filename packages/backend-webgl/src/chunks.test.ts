import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksOf } from './chunks.js';
import { widthOf } from './grid.js';

const length = fc.integer({ min: 1, max: 300 });

test('chunks cover every row tile once, and none takes more than it may unless it is a single row', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      length,
      length,
      fc.integer({ min: 1, max: 2 ** 16 }),
      (n, queries, keys, bytes) => {
        const rowTiles = Math.ceil(queries / 4);
        const seen = new Uint8Array(n * rowTiles);
        for (const chunk of chunksOf(n, queries, keys, bytes)) {
          if (chunk.count > 1) expect(chunk).toMatchObject({ row: 0, rows: rowTiles });
          const tiles = chunk.count * chunk.rows * Math.ceil(keys / 4);
          expect(tiles * 64 <= bytes || chunk.count * chunk.rows === 1).toBe(true);
          for (let h = chunk.n; h < chunk.n + chunk.count; h++) {
            for (let r = chunk.row; r < chunk.row + chunk.rows; r++) seen[h * rowTiles + r]++;
          }
        }
        expect(seen.every((times) => times === 1)).toBe(true);
      },
    ),
  );
});

test('a grid fits into a texture, and its rows are whole unless one is longer than a texture is wide', () => {
  const largest = 64;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (rows, columns) => {
      fc.pre(Math.ceil(columns / largest) * rows <= largest / 2);
      const width = widthOf(rows * columns, columns, largest);
      expect(width).toBeLessThanOrEqual(largest);
      expect(Math.ceil((rows * columns) / width)).toBeLessThanOrEqual(largest);
      expect(columns >= largest || width % columns === 0).toBe(true);
    }),
  );
});
