import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CHROMIUM_FLAGS, chromiumToTestIn } from '@heed/chromium';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { serveFolder } from '@heed/chromium/serve';

const executablePath = chromiumToTestIn();
const folder = fileURLToPath(new URL('../keras/', import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, args, { cwd: folder });

test.runIf(executablePath !== undefined)(
  'the page opens a model of Keras and shows what it attends to, and then another one',
  async () => {
    await run('bundle.mjs');
    const site = await serveFolder(`${folder}dist`, '/', false);
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      await page.goto(site.url);
      const about = page.locator('#about');
      await expect.poll(() => about.textContent(), { timeout: 40_000 }).toContain('attention layers: attention');
      expect(await page.locator('attention-heatmap').count()).toBe(1);
      const other = fileURLToPath(new URL('../../vectors/keras/models/mha_scores/model.keras', import.meta.url));
      await page.locator('input').setInputFiles(other);
      await expect.poll(() => about.textContent()).toBe('mha_scores: 282 parameters; attention layers: mha.');
      expect(await page.locator('attention-heatmap').count()).toBe(2);
      await page.locator('input').setInputFiles(fileURLToPath(import.meta.url));
      await expect.poll(() => about.textContent()).toContain('neither a zip archive nor HDF5 nor JSON');
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
      await site.close();
    }
  },
);

test('the translator learns in model.fit', async () => {
  const { stdout } = await run('translator.js', '20', '10');
  const losses = [...stdout.matchAll(/steps: loss ([\d.]+)/g)].map(([, loss]) => Number(loss));
  expect(losses).toHaveLength(2);
  expect(losses[1]).toBeLessThan(losses[0]!);
  expect(stdout).toMatch(/ of 200 dates it never saw/);
});
