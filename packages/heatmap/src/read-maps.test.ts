import { describe, expect, test } from 'vitest';
import { causal, hostile, signed, word } from '../test/maps.js';
import type { AttentionMap } from './attention-map.js';
import { renderCsv } from './csv.js';
import { renderJson } from './json.js';
import { readMaps } from './read-maps.js';
import { clean, shortest } from './text.js';

/** Weights as they are written, with null where a cell is masked. */
const cells = ({ weights, masked }: AttentionMap): (number | null)[][] =>
  weights.map((row, i) => Array.from(row, (weight, j) => (masked?.[i]?.[j] ? null : shortest(weight))));

describe('readMaps', () => {
  test.each(Object.entries({ word, causal, signed, hostile }))('reads what renderJson has written: %s', (_, map) => {
    const { maps, domain } = readMaps(renderJson([map, word], { domain: [-3, 2] }));
    expect(domain).toEqual([-3, 2]);
    expect(maps).toHaveLength(2);
    expect(cells(maps[0])).toEqual(cells(map));
    expect(renderJson(maps, { domain: [-3, 2] })).toBe(renderJson([map, word], { domain: [-3, 2] }));
  });

  test.each(Object.entries({ word, causal, signed, hostile }))('reads what renderCsv has written: %s', (_, map) => {
    const { maps, domain } = readMaps(renderCsv([word, map]));
    expect(domain).toBeUndefined();
    expect(maps).toHaveLength(2);
    expect(cells(maps[1])).toEqual(cells(map));
    expect(maps[1].rowLabels).toEqual(map.rowLabels?.map(clean) ?? ['0']);
    expect(renderCsv(maps)).toBe(renderCsv([word, map]));
  });

  test.each([
    ['rows', '[[0.9, 0.1], [null, 1]]'],
    ['lines', '0.9,0.1\n,1'],
    ['semicolons, and an end', '0.9;0.1\r\n;1\r\n'],
    ['tabs, after a byte order mark', '\ufeff9e-1\t.1\n\t+1.'],
  ])('weights alone: %s', (_, text) => {
    const { maps } = readMaps(text);
    expect(maps).toMatchObject([
      {
        weights: [
          [0.9, 0.1],
          [0, 1],
        ],
        masked: [
          [false, false],
          [true, false],
        ],
        columnLabels: ['0', '1'],
        title: '',
      },
    ]);
  });

  test('a causal map alone, whose first line ends in masked cells', () => {
    expect(cells(readMaps('1,,\n.5,.5,\n.2,.3,.5').maps[0])).toEqual([
      [1, null, null],
      [0.5, 0.5, null],
      [0.2, 0.3, 0.5],
    ]);
  });

  test('axes before those of a map, such as layers and heads, make a map each', () => {
    const { maps } = readMaps('[[[[1, 0]], [[0.5, 0.5]]], [[[0, 1]], [[0.25, 0.75]]]]');
    expect(maps.map(({ title }) => title)).toEqual(['1.1', '1.2', '2.1', '2.2']);
    expect(maps.map(cells)).toEqual([[[1, 0]], [[0.5, 0.5]], [[0, 1]], [[0.25, 0.75]]].map((row) => [row[0]]));
  });

  test('a field in quotation marks has separators, quotation marks and new lines', () => {
    const { maps } = readMaps('"a ""b"", c",x,"y\nz"\nr,1,0');
    expect(maps).toMatchObject([{ title: 'a "b", c', columnLabels: ['x', 'y\nz'], rowLabels: ['r'] }]);
  });

  test.each([
    ['', 'FILE_INVALID', /empty/],
    ['\n \n', 'FILE_INVALID', /empty/],
    ['[[1, 2], [3', 'FILE_INVALID', /no JSON/],
    ['[1, 2]', 'FILE_INVALID', /the list isn't rows/],
    ['[[[1]], [["x"]]]', 'FILE_INVALID', /the part at \[1\]\[0\] isn't rows/],
    ['[[[[[[[1]]]]]]]', 'FILE_INVALID', /isn't rows/],
    ['{"maps": []}', 'FILE_INVALID', /neither maps/],
    ['{"format": "heed.attention-maps", "version": 2, "maps": []}', 'FILE_INVALID', /neither maps/],
    ['{"format": "heed.attention-maps", "version": 1, "maps": []}', 'FILE_INVALID', /has none/],
    ['{"format": "heed.attention-maps", "version": 1, "maps": [7]}', 'FILE_INVALID', /of map 1/],
    [
      '{"format": "heed.attention-maps", "version": 1, "maps": [{"weights": [[1]], "title": 7}]}',
      'INVALID_ARGUMENT',
      /title/,
    ],
    [
      '{"format": "heed.attention-maps", "version": 1, "maps": [{"weights": [[1]], "rowLabels": ["a", "b"]}]}',
      'SHAPE_MISMATCH',
      /2 labels/,
    ],
    ['a,b\nx,1\ny,oops', 'FILE_INVALID', /"oops" where a weight/],
    ['1,2\n3', 'SHAPE_MISMATCH', /row 1 has 1/],
    ['1e999,2', 'NOT_FINITE', /row 0, column 0/],
    ['[[1e999]]', 'NOT_FINITE', /row 0, column 0/],
  ])('refuses %j', (text, code, message) => {
    expect(() => readMaps(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }) as Error,
    );
  });
});
