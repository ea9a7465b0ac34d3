import { describe, expect, test } from 'vitest';
import { hostile, word } from '../test/maps.js';
import { FILE_FORMATS, fileFormatOf, renderFile } from './file.js';

describe('fileFormatOf', () => {
  test('goes by the extension', () => {
    expect(['a.svg', 'b.c.PNG', '/x.y/map.html', 'c.csv', 'd.json'].map(fileFormatOf)).toEqual(FILE_FORMATS);
  });

  test.each(['map', 'map.gif', 'svg', 'dir.svg/map', '.', ''])('refuses %j', (name) => {
    expect(() => fileFormatOf(name)).toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }));
  });
});

describe('renderFile', () => {
  test.each([
    ['svg', '<svg '],
    ['html', '<!doctype html>'],
    ['csv', 'cat,'],
    ['json', '{"format":"heed.attention-maps","version":1,'],
  ] as const)('writes %s', (format, start) => {
    expect(renderFile(word, format)).toEqual(expect.stringContaining(start));
  });

  test('gives a page its title, escaped', () => {
    expect(renderFile(word, 'html', { title: 'a < b' })).toContain('<title>a &lt; b</title>');
  });

  test('writes png', () => {
    expect(renderFile(word, 'png').slice(0, 4)).toEqual(Uint8Array.of(0x89, 0x50, 0x4e, 0x47));
  });

  test('json holds all there is, labels unchanged', () => {
    const [map] = (JSON.parse(renderFile(hostile, 'json') as string) as { maps: Record<string, unknown>[] }).maps;
    expect(map).toEqual(hostile);
    expect(JSON.parse(renderFile(word, 'json') as string)).toMatchObject({
      maps: [
        {
          weights: [
            [0.9, 0.1, 0],
            [0, 0.25, 0.75],
          ],
          rowAxis: 'sound',
        },
      ],
    });
  });
});
