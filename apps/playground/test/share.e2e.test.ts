import { readFile } from 'node:fs/promises';
import { renderCsv, renderHtml, renderJson, renderSvg, type AttentionMap } from '@heed/heatmap';
import { decode } from 'fast-png';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../src/text/en.js';
import { executablePath, launch, ready, tableOf, visit } from './browser.js';

describe.runIf(executablePath !== undefined)('share and export', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('a link brings the whole state back', async () => {
    const first = await visit(browser, { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
    await ready(first.page);
    await first.page.getByRole('button', { name: 'Letters and sounds, additive' }).click();
    await first.page.getByLabel('cpu', { exact: true }).check();
    await first.page.getByRole('spinbutton', { name: 'Seed' }).fill('42');
    await first.page.getByText('Temperature, soft cap, dropout, masks').click();
    await first.page.getByLabel('window').check();
    await first.page.getByText(/of the cpu backend/).waitFor();
    // The window is there, and the vectors of the other seed with it.
    await expect.poll(async () => (await tableOf(first.page, 'Weights α')).values.flat().includes(NaN)).toBe(true);
    await expect.poll(() => first.page.evaluate(() => location.hash)).toContain('w=1.1');
    const weights = await tableOf(first.page, 'Weights α');
    await first.page.getByRole('button', { name: 'Share' }).click();
    await first.page.getByText('Link copied').waitFor();
    const link = await first.page.evaluate(() => navigator.clipboard.readText());
    const hash = link.slice(link.indexOf('#'));
    expect(hash.length).toBeLessThan(100);
    expect(await first.page.evaluate(() => location.hash)).toBe(hash);
    expect(first.problems).toEqual([]);
    await first.close();

    const second = await visit(browser, { hash });
    await ready(second.page);
    expect(await second.page.getByLabel('cpu', { exact: true }).isChecked()).toBe(true);
    expect(await second.page.getByLabel('Query sequence').inputValue()).toBe('AH T EH N');
    await second.page.getByText(/of the cpu backend/).waitFor();
    expect(await tableOf(second.page, 'Weights α')).toEqual(weights);
    expect(second.problems).toEqual([]);
    await second.close();
  });

  test.each([
    ['#2?m=dot', 'another version of the page (2)'],
    ['#1?m=magic', 'part “m” makes no sense'],
    ['#1?q=%3Cscript%3Ealert(1)%3C/script%3E&zzz=1', 'part “zzz” makes no sense'],
    ['#<img src=x onerror=alert(1)>', 'isn’t a link that this page made'],
  ])('%s gives a message, and what a first visit shows', async (hash, message) => {
    const { page, problems, close } = await visit(browser, { hash });
    await page.getByRole('alert').filter({ hasText: message }).waitFor();
    await page.getByRole('heading', { name: 'A model reads a sentence' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('labels from a link stay text', async () => {
    const { page, problems, close } = await visit(browser, {
      hash: `#1?q=${encodeURIComponent('<img src=x onerror=alert(1)> </text><script>1</script> a')}`,
    });
    await ready(page);
    const { rows } = await tableOf(page, 'Weights α');
    expect(rows).toEqual(['<img', 'src=x', 'onerror=alert(1)>', '</text><script>1</script>', 'a']);
    expect(await page.locator('attention-heatmap script, attention-heatmap img').count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('every format is what the library renders', async () => {
    const { page, problems, close } = await visit(browser);
    await ready(page);
    const figure = page.locator('figure', { has: page.locator('strong:text-is("Weights α")') });
    await figure.waitFor();
    const files: Record<string, Buffer> = {};
    for (const format of ['JSON', 'CSV', 'SVG', 'PNG', 'HTML']) {
      await figure.getByText('Save', { exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        figure.getByRole('button', { name: format, exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`Weights α.${format.toLowerCase()}`);
      files[format] = await readFile(await download.path());
    }
    const { maps } = JSON.parse(files['JSON'].toString()) as { maps: AttentionMap[] };
    const map = { ...maps[0], weights: maps[0].weights.map((row) => Float32Array.from(row)) };
    expect(maps).toHaveLength(1);
    // The scale of the screen, shares of 1, is the files' too.
    const options = { domain: [0, 1] as const, words: en.heatmap };
    expect(files['JSON'].toString()).toBe(renderJson(map, { domain: options.domain }));
    expect(files['CSV'].toString()).toBe(renderCsv(map));
    expect(files['SVG'].toString()).toBe(renderSvg(map, options));
    expect(files['HTML'].toString()).toBe(renderHtml(map, options));
    // The browser draws the same picture, twice as large.
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(files['SVG'].toString())!.map(Number) as [
      number,
      number,
      number,
    ];
    const png = decode(files['PNG']);
    expect([png.width, png.height]).toEqual([2 * width, 2 * height]);
    const colors = (svg: string): Set<string> =>
      new Set([...svg.matchAll(/fill="(#[0-9a-f]{6})"/g)].map(([, color]) => color!));
    const painted = new Set<string>();
    for (let n = 0; n < png.data.length; n += png.channels)
      painted.add(`#${Buffer.from(png.data.slice(n, n + 3)).toString('hex')}`);
    expect([...colors(files['SVG'].toString())].filter((color) => !painted.has(color))).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });
});
