import { describe, expect, test } from 'vitest';
import { Random } from '../test/random.js';
import { allows } from '../test/reference.js';
import { MaskTiles } from './mask-tiles.js';
import { FULL, PARTIAL, SKIP } from './tile-kind.js';
import { COLS, LEFT, ROWS, rowStart } from './tile.js';

test.each(Array.from({ length: 80 }, (_, seed) => seed))(
  'says of each tile what holds of its positions (seed %i)',
  (seed) => {
    const random = new Random(seed + 1);
    const [batch, heads] = [random.integer(1, 2), random.integer(1, 2)];
    const queries = random.integer(1, 150);
    const keys = random.integer(1, 150);
    const { parts, dense } = random.mask(batch, heads, queries, keys);
    const mask = new MaskTiles(parts, { queries, keys }, dense);
    const allowed = allows(parts, dense, { queries, keys });
    for (let b = 0; b < batch; b++) {
      for (let h = 0; h < heads; h++) {
        for (let i0 = 0; i0 < queries; i0 += ROWS) {
          const rows = Math.min(ROWS, queries - i0);
          const end = mask.keyEnd(b, i0, rows);
          expect(end).toBeLessThanOrEqual(mask.keyLimit(b));
          for (let j0 = 0; j0 < keys; j0 += COLS) {
            const cols = Math.min(COLS, end - j0);
            const kind = cols <= 0 ? SKIP : mask.classify(b, h, i0, rows, j0, cols);
            for (let r = 0; r < rows; r++) {
              for (let j = j0; j < Math.min(j0 + COLS, keys); j++) {
                const at = rowStart(r) + (j - j0) * LEFT;
                const told = kind === FULL ? j < end : kind === PARTIAL && j < end && mask.allow[at] !== 0;
                if (told !== allowed(b, h, i0 + r, j)) expect.fail(`b${b} h${h} i${i0 + r} j${j}: ${told}`);
                if (told) expect(j).toBeGreaterThanOrEqual(mask.keyStart(b, i0));
              }
            }
          }
        }
        const row = new Uint8Array(keys);
        for (const i of [0, queries - 1]) {
          const count = mask.allowRow(b, h, i, row);
          for (let j = 0; j < keys; j++) expect(row[j] !== 0).toBe(allowed(b, h, i, j));
          expect(count).toBe(row.reduce((sum, x) => sum + x, 0));
        }
      }
    }
  },
);

/** Kinds of all tiles of a 192 × 192 mask, row by row. */
function kinds(parts: ConstructorParameters<typeof MaskTiles>[0]): string[] {
  const mask = new MaskTiles(parts, { queries: 192, keys: 192 }, undefined);
  return [0, ROWS, 2 * ROWS].map((i0) =>
    [0, COLS, 2 * COLS, 3 * COLS]
      .map((j0) => {
        const cols = Math.min(COLS, mask.keyEnd(0, i0, ROWS) - j0);
        return cols <= 0 ? '.' : '.#/'[mask.classify(0, 0, i0, ROWS, j0, cols)];
      })
      .join(''),
  );
}

describe('skips (.) and takes whole (#) what needs no look at positions (/), in tiles of 64 × 48', () => {
  test('causal', () => {
    const band = { lower: Int32Array.of(-192), upper: Int32Array.of(0) };
    expect(kinds({ band })).toEqual(['//..', '#//.', '##//']);
  });

  test('window', () => {
    const band = { lower: Int32Array.of(-64), upper: Int32Array.of(0) };
    expect(kinds({ band })).toEqual(['//..', '///.', './//']);
  });

  test('lengths', () => {
    expect(kinds({ lengths: Int32Array.of(65) })).toEqual(['##..', '##..', '##..']);
  });

  test('segments', () => {
    const ids = Int32Array.from({ length: 192 }, (_, t) => (t < 64 ? 1 : t < 100 ? 2 : 3));
    expect(kinds({ segments: { query: ids, key: ids } })).toEqual(['#/..', './//', '../#']);
  });
});
