import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '@heed/chromium/axe';
import { LOOKS, drawn, executablePath, launch, ready, tableOf, visit } from './browser.js';
import { picture } from './pictures.js';
import { untranslated } from './untranslated.js';

const VIEW = '#1?view=maps';
const text = (page: Page) => page.getByLabel('Weights, as JSON or CSV');
const give = (page: Page, name: string, content: string): Promise<void> =>
  page.locator('#view-maps input[type=file]').setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) });
const refused = (page: Page) => page.locator('#view-maps').getByRole('alert');

describe.runIf(executablePath !== undefined)('weights that somebody brings', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each(['JSON', 'CSV'])('a map that the page has saved as %s is opened again as it was', async (format) => {
    const { page, problems, close } = await visit(browser, { hash: '#1?c=1' });
    await ready(page);
    const figure = page.locator('figure', { has: page.locator('strong:text-is("Weights α")') });
    await figure.getByText('Save', { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      figure.getByRole('button', { name: format, exact: true }).click(),
    ]);
    const saved = await tableOf(page, 'Weights α');
    await page.getByRole('tab', { name: 'Maps' }).click();
    await give(page, download.suggestedFilename(), await readFile(await download.path(), 'utf8'));
    // CSV has the numbers and labels, and JSON the title too, which this map has not.
    await expect.poll(async () => (await tableOf(page, 'Map 1')).rows).toEqual(saved.rows);
    expect(await tableOf(page, 'Map 1')).toEqual(saved);
    expect(problems).toEqual([]);
    await close();
  });

  test('weights that are typed are a map at once, and in the link; what is wrong with them is told', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    expect((await tableOf(page, 'Map 1')).rows).toEqual(['le', 'chat', 'blanc', 'dort']);
    await text(page).fill('[[[0.5, 0.5], [null, 1]], [[1, 0], [0, 1]]]');
    await expect
      .poll(async () => (await tableOf(page, '2')).values)
      .toEqual([
        [1, 0],
        [0, 1],
      ]);
    expect((await tableOf(page, '1')).values).toEqual([
      [0.5, 0.5],
      [NaN, 1],
    ]);
    await page.getByText('Rows of 1', { exact: true }).click();
    const rows = page.locator('details', { hasText: 'Rows of 1' }).locator('tbody tr');
    expect(await rows.allInnerTexts()).toEqual([
      expect.stringMatching(/^0\s+0\s+0\.500\s+1\.00 bits\s+2\.0 places$/),
      expect.stringMatching(/^1\s+1\s+1\.000\s+0\.00 bits\s+1\.0 place$/),
    ]);
    await expect.poll(() => page.url()).toContain('mx=');
    await page.reload();
    await expect.poll(() => text(page).inputValue()).toContain('[null, 1]');
    for (const [wrong, message] of [
      ['[[1, 2], [3', 'This file is not what it should be'],
      ['[[1, 2], [3]]', 'row 1 has 1 weights, row 0 has 2'],
      ['a,b\nx,oops', 'has "oops" where a weight should be'],
    ] as const) {
      await text(page).fill(wrong);
      await refused(page).filter({ hasText: message }).waitFor();
      expect(await page.locator('#view-maps figure').count()).toBe(0);
    }
    await page.getByRole('button', { name: 'The example' }).click();
    await expect.poll(() => refused(page).count()).toBe(0);
    await expect.poll(() => page.url()).not.toContain('mx=');
    expect(problems).toEqual([]);
    await close();
  });

  test('a large file is shown, but in no link', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    const size = 300;
    const weights = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
    await give(page, 'large.json', JSON.stringify(weights));
    await page.getByText('From the file “large.json”').waitFor();
    await page.locator('#view-maps attention-heatmap canvas').waitFor();
    await page.waitForTimeout(500);
    expect(page.url()).not.toContain('mx=');
    await page.getByRole('button', { name: 'The example' }).click();
    await text(page).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test.each(LOOKS)(
    'at %i pixels, %s: nothing that axe finds, nothing that sticks out, in either language',
    async (width, colorScheme) => {
      const context = { viewport: { width, height: 800 }, colorScheme };
      const { page, problems, close } = await visit(browser, { hash: VIEW, context });
      await ready(page);
      await page.locator('#view-maps details.box').evaluate((details) => ((details as HTMLDetailsElement).open = true));
      await drawn(page);
      await picture(page, `maps-${width}-${colorScheme}`);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.locator('header select:has(option[value=zh])').selectOption('zh');
      await page.locator('html[lang^=zh]').waitFor();
      await drawn(page);
      expect(await violations(page)).toEqual([]);
      expect(await untranslated(page)).toEqual([]);
      await page.locator('#view-maps textarea').fill('[[1, 2], [3');
      await page.locator('#view-maps').getByRole('alert').waitFor();
      expect(await untranslated(page)).toEqual([]);
      expect(problems).toEqual([]);
      await close();
    },
  );
});
