import { describe, expect, test } from 'vitest';
import { SMALL_SIDE } from '../../engine/jobs.js';
import { smallMaps } from './small-maps.js';

describe('smallMaps', () => {
  test('a small map as it is, in shares of its own greatest weight', () => {
    const maps = [Float32Array.of(0.5, 0.25, 0, 0.5), Float32Array.of(0, 0.1, 0.05, 0)];
    expect(smallMaps(maps, { count: 2, rows: 2, columns: 2 })).toEqual({
      rows: 2,
      columns: 2,
      cells: Uint8Array.of(255, 128, 0, 255, 0, 255, 128, 0),
    });
  });

  test('of a large one the greatest weights: a lone one is seen', () => {
    const [rows, columns] = [1000, 2 * SMALL_SIDE];
    const map = new Float32Array(rows * columns);
    map[999 * columns + 101] = 0.5;
    map[3 * columns] = 0.25;
    const { cells, ...size } = smallMaps([map], { count: 1, rows, columns });
    expect(size).toEqual({ rows: SMALL_SIDE, columns: SMALL_SIDE });
    expect(cells[(SMALL_SIDE - 1) * SMALL_SIDE + 50]).toBe(255);
    expect(cells[0]).toBe(128);
    expect(cells.filter((cell) => cell > 0)).toHaveLength(2);
  });

  test('of nothing but zeros', () => {
    expect(smallMaps([new Float32Array(4)], { count: 1, rows: 2, columns: 2 }).cells).toEqual(new Uint8Array(4));
  });
});
