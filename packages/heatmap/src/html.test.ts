import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { causal, hostile, word } from '../test/maps.js';
import { renderHtml } from './html.js';

describe('renderHtml', () => {
  test('holds picture and table, and nothing from elsewhere', () => {
    const html = renderHtml(word);
    expect(html).toContain('<title>cat</title>');
    expect(html).toContain('<caption>cat: 2 rows (sound) by 3 columns (letter)</caption>');
    expect(html).toContain('<th scope="row">AE</th><td>0</td><td>0.25</td><td>0.75</td>');
    expect(html).toContain('<svg ');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|src=|@import|url\(|href="(?!data:)/);
  });

  test('hostile labels open no element and no attribute', () => {
    const html = renderHtml(hostile, { title: '</title><script>' });
    expect(html).not.toMatch(/<script|<img|<b>/);
    const attributes = new Set(
      [...html.matchAll(/<[a-z]+((?: [\w-]+="[^"]*")+)/g)].flatMap(([, all]) =>
        [...all!.matchAll(/ ([\w-]+)="/g)].map(([, name]) => name),
      ),
    );
    expect([...attributes].filter((name) => name!.startsWith('on'))).toEqual([]);
    const body = /<main>[^]*<\/main>/.exec(html)![0];
    expect(XMLValidator.validate(body)).toBe(true);
  });

  test('a space among the labels is a heading, too', () => {
    const html = renderHtml({ weights: [[1, 0]], rowLabels: ['2'], columnLabels: ['.', ' '] });
    expect(html).toContain('<th scope="col">.</th><th scope="col">␣</th>');
  });

  test('several maps share one scale and have their headings', () => {
    const html = renderHtml([word, { weights: [[0.25]], title: 'weak' }]);
    expect(html).toContain('<title>Attention maps</title>');
    expect(html).toContain('<h2>weak</h2>');
    expect([...html.matchAll(/>0\.9<\/text>/g)]).toHaveLength(2);
  });

  test('a masked cell is called masked, not 0', () => {
    const html = renderHtml(causal);
    expect(html).toContain(
      '<th scope="row">a</th><td>1</td><td class="masked">masked</td><td class="masked">masked</td>',
    );
    expect(html).toContain('<th scope="row">b</th><td>0</td><td>1</td><td class="masked">masked</td>');
  });

  test('large maps have no table and say so', () => {
    const html = renderHtml({ weights: Array.from({ length: 100 }, () => new Float32Array(100)) });
    expect(html).not.toContain('<table>');
    expect(html).toContain('The table is left out');
  });
});
