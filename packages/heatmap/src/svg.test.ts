import * as fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { anyMap, causal, hostile, hostileLabels, signed, word } from '../test/maps.js';
import type { AttentionMap } from './index.js';
import { renderSvg } from './svg.js';
import { clean } from './text.js';

interface Node {
  readonly [name: string]: Node[] | string;
}

/** Names of the elements, and all texts, of a document. */
function contents(svg: string): { names: Set<string>; texts: string[] } {
  const names = new Set<string>();
  const texts: string[] = [];
  const walk = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      for (const [name, inner] of Object.entries(node)) {
        if (name === '#text') texts.push(String(inner));
        else {
          names.add(name);
          walk(inner as Node[]);
        }
      }
    }
  };
  walk(new XMLParser({ preserveOrder: true, trimValues: false, parseTagValue: false }).parse(svg) as Node[]);
  return { names, texts };
}

/** Relative luminance of `#rrggbb`, as WCAG 2.2 defines it. */
function luminance(color: string): number {
  const [red, green, blue] = color
    .slice(1)
    .match(/../g)!
    .map((part) => Number.parseInt(part, 16) / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('renderSvg', () => {
  test('has a cell for each weight, with its labels', () => {
    const { texts } = contents(renderSvg(word));
    expect(texts.filter((text) => text.includes(' ← '))).toEqual([
      'K ← c: 0.9',
      'K ← a: 0.1',
      'K ← t: 0',
      'AE ← c: 0',
      'AE ← a: 0.25',
      'AE ← t: 0.75',
    ]);
    for (const text of ['cat', 'sound', 'letter', 'K', 'AE', 'c', 'a', 't', '0.9']) expect(texts).toContain(text);
    expect(renderSvg(word)).toContain('fill="#fde725"');
  });

  test('rows that can’t be seen yet are covered, and the picture keeps its size', () => {
    const whole = renderSvg(word);
    const covers = (rows: number) =>
      [
        ...renderSvg(word, { rows }).matchAll(
          /<rect class="heed-background" x="([\d.]+)" y="(\d+)" width="([\d.]+)" height="(\d+)"/g,
        ),
      ].map((found) => found.slice(1).map(Number));
    const [[, top, , height]] = covers(0);
    expect(height! % 2).toBe(0); // of two rows
    const [[left, half, width, rest]] = covers(1);
    expect([half! - top!, rest]).toEqual([height! / 2, height! / 2]);
    // From the labels to the end, so that nothing of the row is left.
    const [, full] = /width="(\d+)"/.exec(whole)!;
    expect(left! + width!).toBe(Number(full));
    expect(
      Math.min(...[...whole.matchAll(/<text x="(\d+)"[^>]*text-anchor="end"/g)].map(([, x]) => Number(x))),
    ).toBeGreaterThan(left!);
    expect(renderSvg(word, { rows: 1 }).slice(0, 120)).toBe(whole.slice(0, 120));
    for (const rows of [2, 9]) expect(renderSvg(word, { rows })).toBe(whole);
    for (const rows of [-1, 0.5, Number.NaN]) expect(() => renderSvg(word, { rows })).toThrow('renderSvg: rows is');
  });

  test('a masked cell has a hatch and words of its own, and the legend explains them', () => {
    const svg = renderSvg(causal);
    const { texts } = contents(svg);
    expect(texts.filter((text) => text.includes(' ← a'))).toEqual([]);
    expect(texts).toContain('a ← y: masked');
    expect(texts).toContain('b ← x: 0');
    expect([...svg.matchAll(/fill="url\(#heed-hatch\)"/g)]).toHaveLength(3 + 1);
    expect(texts.filter((text) => text === 'masked')).toHaveLength(1);
    // Masked weights are never read: they have no number, and the scale ends at the greatest weight that takes part.
    expect(svg).not.toContain('Infinity');
    expect(renderSvg(word)).not.toContain('heed-hatch"');
  });

  test('signed numbers part at 0, as strong on both sides, and the legend shows where', () => {
    const fills = (map: AttentionMap): string[] =>
      [...renderSvg(map).matchAll(/fill="(#[0-9a-f]{6})"><title>/g)].map(([, color]) => color!);
    expect(fills(signed)).toEqual(['#67001f', '#f2efee', expect.any(String)]);
    const [low, , high] = fills({ ...signed, weights: [[-1, 0, 2]] });
    expect(high).toBe('#053061');
    // Half the distance from 0 is half as strong, on either side.
    expect(low).toBe(fills({ ...signed, weights: [[-1, 0, -2]] })[0]);
    const { texts } = contents(renderSvg(signed));
    expect(texts.filter((text) => text === '0')).toHaveLength(2); // one in its cell, one in the legend
    expect(contents(renderSvg(word)).texts.filter((text) => text === '0')).toHaveLength(2 + 1); // one more at the legend's end
  });

  test('small maps print their numbers, large ones have no room', () => {
    const { texts } = contents(renderSvg(word));
    for (const text of ['0.90', '0.10', '0.25', '0.75']) expect(texts).toContain(text);
    const wide = contents(renderSvg({ weights: [Array.from({ length: 40 }, () => 0.5)] }));
    expect(wide.texts).not.toContain('0.50');
  });

  test('numbers in cells can be read on their colour', () => {
    const weights = [Array.from({ length: 12 }, (_, n) => n / 11)];
    for (const map of [{ weights }, { weights: [weights[0].map((weight) => 2 * weight - 1)] }]) {
      const svg = renderSvg(map);
      const fills = [...svg.matchAll(/fill="(#[0-9a-f]{6})"><title>/g)].map(([, color]) => luminance(color!));
      const inks = [...svg.matchAll(/style="font-size:\d+px;fill:(#[0-9a-f]{6})"/g)].map(([, color]) =>
        luminance(color!),
      );
      expect(inks).toHaveLength(12);
      for (const [n, ink] of inks.entries()) {
        const [dark, light] = [Math.min(ink, fills[n]), Math.max(ink, fills[n])];
        expect((light + 0.05) / (dark + 0.05)).toBeGreaterThan(4.5);
      }
    }
  });

  test('follows the system, or is light or dark', () => {
    expect(renderSvg(word)).toContain('@media(prefers-color-scheme:dark)');
    const dark = renderSvg(word, { theme: 'dark' });
    expect(dark).not.toContain('@media');
    expect(dark).toContain('.heed-background{fill:#0d1117}');
  });

  test('hostile labels stay text', () => {
    const svg = renderSvg(hostile);
    expect(XMLValidator.validate(svg)).toBe(true);
    const { names, texts } = contents(svg);
    expect([...names].toSorted()).toEqual(['g', 'rect', 'style', 'svg', 'text', 'title']);
    for (const label of hostileLabels.filter((text) => text.length > 0 && text.length < 24)) {
      const escaped = clean(label).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      const plain = texts.map((text) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'"));
      expect(plain.some((text) => text === escaped || text === clean(label))).toBe(true);
    }
  });

  test('any map is well-formed', () => {
    fc.assert(
      fc.property(fc.array(anyMap, { minLength: 1, maxLength: 3 }), (maps) => {
        const svg = renderSvg(maps);
        expect(XMLValidator.validate(svg)).toBe(true);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      }),
    );
  });

  test('large maps embed one picture instead of a rectangle for each cell', () => {
    const svg = renderSvg({ weights: Array.from({ length: 300 }, () => new Float32Array(300)) });
    expect(svg).toContain('href="data:image/png;base64,');
    expect(svg.length).toBeLessThan(100_000);
    expect(XMLValidator.validate(svg)).toBe(true);
  });

  test('several maps stand below one another', () => {
    const one = Number(/height="(\d+)"/.exec(renderSvg(word))![1]);
    expect(Number(/height="(\d+)"/.exec(renderSvg([word, word]))![1])).toBe(2 * one);
  });
});
