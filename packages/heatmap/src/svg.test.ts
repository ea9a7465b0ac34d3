import * as fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { anyMap, hostile, hostileLabels, word } from '../test/maps.js';
import { renderSvg } from './svg.js';
import { clean } from './text.js';

interface Node {
  readonly [name: string]: Node[] | string;
}

/** Every element's name, and all text, of a document. */
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
