import { describe, expect, test } from 'vitest';
import { causal, hostile, signed, word } from '../test/maps.js';
import { ENGLISH } from './words.js';
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
    ['json', '{"format":"heed.attention-maps","version":1,"domain":[0,0.9],'],
  ] as const)('writes %s', (format, start) => {
    expect(renderFile(word, format)).toEqual(expect.stringContaining(start));
  });

  test('gives a page its title, escaped', () => {
    expect(renderFile(word, 'html', { title: 'a < b' })).toContain('<title>a &lt; b</title>');
  });

  test('writes png', () => {
    expect(renderFile(word, 'png').slice(0, 4)).toEqual(Uint8Array.of(0x89, 0x50, 0x4e, 0x47));
  });

  test('a scale that is given is that of every file that has colours, and of JSON', () => {
    const options = { domain: [0, 1] } as const;
    for (const format of ['svg', 'html'] as const) {
      expect(renderFile(word, format, options)).toContain('>1</text>');
      expect(renderFile(word, format)).not.toContain('>1</text>');
      expect(renderFile(word, format, options)).not.toBe(renderFile(word, format));
    }
    expect(renderFile(word, 'png', options)).not.toEqual(renderFile(word, 'png'));
    expect(JSON.parse(renderFile(word, 'json', options) as string)).toMatchObject({ domain: [0, 1] });
  });

  test('json has null for masked cells, and the scale of signed numbers', () => {
    const { maps } = JSON.parse(renderFile(causal, 'json') as string) as { maps: { weights: unknown }[] };
    expect(maps[0].weights).toEqual([
      [1, null, null],
      [0, 1, null],
      [0.25, 0.25, 0.5],
    ]);
    expect(JSON.parse(renderFile(signed, 'json') as string)).toMatchObject({ domain: [-2, 1] });
  });

  test('the words of another language are those of every file', () => {
    const words = { ...ENGLISH, language: 'zh-Hans', masked: '已屏蔽', table: '表格' };
    const html = renderFile(causal, 'html', { words }) as string;
    for (const text of [
      '<html lang="zh-Hans">',
      '<td class="masked">已屏蔽</td>',
      '<summary>表格</summary>',
      'a ← y: 已屏蔽',
    ]) {
      expect(html).toContain(text);
    }
    expect(html).not.toContain(ENGLISH.masked + '<');
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
