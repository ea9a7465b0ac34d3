import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { hostileLabels } from '../../test/maps.js';
import { apple, caption, paint } from '../../test/overlays.js';
import { FILE_FORMATS } from '../file.js';
import type { AttentionOverlay } from './attention-overlay.js';
import { renderOverlayFile } from './file.js';
import { renderOverlayHtml } from './html.js';
import { renderOverlayCsv, renderOverlayJson } from './numbers.js';
import { missingInOverlayPng, renderOverlayPng } from './png.js';
import { renderOverlaySvg } from './svg.js';
import { OVERLAY_CHINESE } from './words.js';

const tiny: AttentionOverlay = {
  picture: paint(2, 2, (x, y) => [100 * x, 100 * y, 0]),
  grid: [2, 2],
  steps: [{ word: 'red', weights: [0, 0.9, 0, 0], sentinel: 0.1 }],
};

const hostile: AttentionOverlay = {
  ...tiny,
  title: hostileLabels.join(' '),
  language: `"' onload="alert(1)`,
  steps: hostileLabels.map((word) => ({ word, weights: [0.25, 0.25, 0.25, 0.25] })),
};

/** PNG files in a drawing, in their order. */
const embedded = (text: string) =>
  [...text.matchAll(/data:image\/png;base64,([A-Za-z0-9+/=]+)/g)].map(([, base64]) =>
    decode(Buffer.from(base64!, 'base64')),
  );

/** Colour of a pixel. */
function at({ width, channels, data }: ReturnType<typeof decode>, x: number, y: number): number[] {
  return Array.from(data.subarray((y * width + x) * channels, (y * width + x + 1) * channels));
}

describe('SVG', () => {
  test('holds the picture once, and the map of each word with its sentence', () => {
    const svg = renderOverlaySvg(caption);
    const [picture, ...maps] = embedded(svg);
    expect(XMLValidator.validate(svg)).toBe(true);
    expect([picture!.width, picture!.height]).toEqual([64, 64]);
    expect(at(picture!, 32, 40)).toEqual([210, 40, 40]);
    expect(at(picture!, 0, 0)).toEqual([255, 255, 255]);
    expect(maps).toHaveLength(caption.steps.length);
    expect(svg.match(/<use /g)).toHaveLength(caption.steps.length + 1);
    expect(svg).toContain('<title>&#39;leaf&#39;: 56 % on the upper right, 3 % at no part</title>');
    expect(svg).toContain('>70 % no part</text>');
  });

  test('a map of exact cells has a pixel for each, as strong as its weight', () => {
    const [, map] = embedded(renderOverlaySvg(tiny, { drawn: 'cells' }));
    expect([map!.width, map!.height]).toEqual([2, 2]);
    expect(at(map!, 1, 0)).toEqual([253, 231, 37, 191]);
    expect(at(map!, 0, 0)).toEqual([68, 1, 84, 26]);
    const smooth = embedded(renderOverlaySvg(tiny))[1]!;
    expect([smooth.width, smooth.height]).toEqual([16, 16]);
  });

  test('words share a scale when asked, which the legend tells', () => {
    const two = { ...tiny, steps: [...tiny.steps, { word: 'b', weights: [0.45, 0, 0, 0] }] };
    const brightest = (svg: string) =>
      embedded(svg)
        .slice(1)
        .map((map) => Math.max(...map.data));
    const own = renderOverlaySvg(two, { drawn: 'cells' });
    const shared = renderOverlaySvg(two, { drawn: 'cells', scale: 'shared' });
    expect(brightest(own)).toEqual([253, 253]);
    expect(brightest(shared)[1]).toBeLessThan(150);
    expect(own).toContain('greatest of the word');
    expect(shared).toContain('>0.9</text>');
    expect(shared).not.toContain('greatest of the word');
  });

  test('two in one page keep their own pictures', () => {
    const id = (svg: string) => /id="(heed-picture-\w+)"/.exec(svg)![1];
    expect(id(renderOverlaySvg(tiny))).not.toBe(id(renderOverlaySvg(caption)));
    expect(id(renderOverlaySvg(caption))).toBe(id(renderOverlaySvg({ ...caption, title: 'other' })));
  });

  test('a large picture is embedded no larger than it is shown', () => {
    const photo = paint(3000, 20, (x) => [x % 256, 0, 0]);
    expect(embedded(renderOverlaySvg({ ...tiny, picture: photo }))[0]!.width).toBe(512);
  });
});

describe('HTML', () => {
  test('has a described picture for each word, its sentinel, and a table', () => {
    const html = renderOverlayHtml(caption);
    const labels = [...html.matchAll(/role="img" aria-label="([^"]*)"/g)].map(([, label]) => label);
    expect(labels).toHaveLength(caption.steps.length + 1);
    expect(labels.slice(0, 3)).toEqual([
      'picture',
      '&#39;a&#39;: 30 % all over the picture, 70 % at no part',
      '&#39;red&#39;: 38 % on the middle, 26 % on the lower middle, 8 % at no part',
    ]);
    expect(html).toContain('<b lang="en">red</b>');
    expect(html).toContain('width:8.0%');
    expect(html).toContain('<caption>a red apple with a leaf: attention over a picture, 6 words</caption>');
    expect(html).toMatch(/<th scope="row" lang="en">leaf<\/th><td>&lt; 1 %<\/td><td>36 %<\/td><td>56 %<\/td>/);
    expect(html).toContain('<th scope="col">no part</th>');
    expect(html).not.toMatch(/<script|src=|@import|url\(|href="(?!data:|#heed-picture)/);
  });

  test('without a sentinel there is none in the table either', () => {
    const html = renderOverlayHtml({ ...tiny, steps: [{ word: 'a', weights: [1, 0, 0, 0] }] });
    expect(html).not.toContain('no part');
    expect(html.match(/<th scope="col">/g)).toHaveLength(1 + 9);
  });

  test('speaks Chinese, and keeps the language of the words', () => {
    const html = renderOverlayHtml(caption, { words: OVERLAY_CHINESE });
    expect(html).toContain('<html lang="zh-Hans">');
    expect(html).toContain('lang="en">red</b>');
    expect(html).toContain('<th scope="col">右上方</th>');
    expect(html).not.toContain('no part');
  });
});

describe('PNG', () => {
  test('is the picture, and beside it the picture under its map', () => {
    const drawn = decode(renderOverlayPng(tiny, { drawn: 'cells' }));
    // Panels of 256 pixels, 16 apart.
    expect(at(drawn, 16 + 192, 16 + 64)).toEqual([100, 0, 0]);
    expect(at(drawn, 16 + 272 + 192, 16 + 64)).toEqual([215, 173, 28]);
    expect(at(drawn, 16 + 272 + 64, 16 + 64)).toEqual([7, 0, 8]);
    // The sentinel's bar is dark for a tenth of its length.
    const bar = Array.from({ length: drawn.width }, (_, x) => at(drawn, x, 16 + 256 + 6 + 16 + 6 + 8).join());
    const [full, rest] = ['31,35,40', '110,118,129'].map((ink) => bar.filter((color) => color === ink).length);
    expect(rest!).toBeGreaterThan(20);
    expect(bar.indexOf('31,35,40')).toBe(16 + 272);
    expect(full!).toBeGreaterThan(0);
  });

  test('tells which characters it can’t draw', () => {
    expect(missingInOverlayPng({ ...tiny, title: '一', steps: [{ ...tiny.steps[0]!, word: '红' }] })).toEqual([
      '一',
      '红',
    ]);
    expect(missingInOverlayPng(tiny)).toEqual([]);
    expect(missingInOverlayPng(tiny, { words: OVERLAY_CHINESE })).toContain('图');
  });

  test('refuses what would take all memory', () => {
    const steps = Array.from({ length: 1000 }, () => tiny.steps[0]!);
    expect(() => renderOverlayPng({ ...tiny, steps })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', hint: expect.stringContaining('fewer words') }),
    );
  });
});

describe('numbers', () => {
  test('CSV has a line for each word, and an empty field where nothing is known of the sentinel', () => {
    const steps = [...tiny.steps, { word: '=b', weights: Float32Array.of(0.3, 0, 0, 0) }];
    expect(renderOverlayCsv({ ...tiny, steps })).toBe(
      ",1·1,1·2,2·1,2·2,no part\r\nred,0,0.9,0,0,0.1\r\n'=b,0.3,0,0,0,\r\n",
    );
  });

  test('JSON has everything, the picture to its last byte', () => {
    const text = renderOverlayJson(caption);
    const { format, overlays } = JSON.parse(text) as { format: string; overlays: AttentionOverlay[] };
    expect(format).toBe('heed.attention-overlays');
    const { picture, steps, ...rest } = overlays[0]!;
    expect(rest).toEqual({ title: caption.title, language: 'en', grid: [8, 8] });
    expect(steps.map(({ word, sentinel }) => [word, sentinel])).toEqual(
      caption.steps.map(({ word, sentinel }) => [word, sentinel]),
    );
    expect(Float32Array.from(steps[1]!.weights)).toEqual(caption.steps[1]!.weights);
    expect([picture.width, picture.height]).toEqual([64, 64]);
    expect(Buffer.from(embedded(text)[0]!.data).equals(Buffer.from(apple.data))).toBe(true);
  });
});

describe('every format', () => {
  test('hostile words stay text', () => {
    for (const text of [renderOverlaySvg(hostile), /<main>[^]*<\/main>/.exec(renderOverlayHtml(hostile))![0]]) {
      expect(XMLValidator.validate(text)).toBe(true);
      expect(text).not.toMatch(/<script|<b>|<img/);
      const names = [...text.matchAll(/<[a-zA-Z]+((?: [\w-]+="[^"]*")+)/g)].flatMap(([, all]) =>
        [...all!.matchAll(/ ([\w-]+)="/g)].map(([, name]) => name!),
      );
      expect(names.filter((name) => name.startsWith('on'))).toEqual([]);
      new XMLParser().parse(text);
    }
    for (const format of FILE_FORMATS) expect(renderOverlayFile(hostile, format).length).toBeGreaterThan(0);
  });

  test.each(FILE_FORMATS)('several overlays in one file, and one without words: %s', (format) => {
    const file = (overlays: readonly AttentionOverlay[]) => renderOverlayFile(overlays, format, { title: 't' });
    expect(file([tiny, { ...tiny, steps: [] }]).length).toBeGreaterThan(file([{ ...tiny, steps: [] }]).length);
  });

  test.each(FILE_FORMATS)('an unknown option is refused: %s', (format) => {
    expect(() => renderOverlayFile(tiny, format, { smooth: true } as object)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_OPTION' }),
    );
    expect(() => renderOverlaySvg(tiny, { drawn: 'rough' as never })).toThrow(/drawn is 'rough'/);
    expect(() => renderOverlaySvg(tiny, { domain: [1, 0] })).toThrow(/domain/);
  });
});
