import type { Site } from '@heed/chromium/serve';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, serve, visit } from './site.js';

describe.runIf(executablePath !== undefined)('reading', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), serve()]);
  });
  afterAll(() => Promise.all([browser?.close(), site?.close()]));

  test('without JavaScript everything is there to be read, and links lead on', async () => {
    const { page, close } = await visit(browser, site.url, { javaScriptEnabled: false });
    await page.getByRole('img', { name: /German word/ }).waitFor();
    await page.locator('main').getByRole('link', { name: 'Learn it by examples' }).click();
    await page.getByRole('heading', { name: 'Guides', level: 1 }).waitFor();
    await page.locator('main').getByRole('link', { name: 'Pronunciation', exact: true }).click();
    await page.getByText('h_j = [h⃗_j; h⃖_j]').waitFor();
    await page.setViewportSize({ width: 360, height: 800 });
    await page.getByRole('navigation', { name: 'Heed' }).getByRole('link', { name: 'Error codes' }).click();
    await page.getByRole('heading', { name: 'SHAPE_MISMATCH' }).waitFor();
    await close();
  });

  test('the map of the first page can be walked over', async () => {
    const { page, problems, close } = await visit(browser, site.url);
    const map = page.locator('attention-heatmap [role=application][aria-label]');
    await map.focus();
    await page.keyboard.press('ArrowRight');
    await page
      .getByText(/^input .* to output .*, [\d.]+$/)
      .first()
      .waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('in Chinese the map speaks Chinese, and a line that is broken has no space', async () => {
    const { page, problems, close } = await visit(browser, `${site.url}zh/`);
    await page.locator('attention-heatmap [role=application][aria-label]').focus();
    await page.keyboard.press('ArrowRight');
    await page
      .getByText(/^原文 .* 到 译文 .*，[\d.]+$/)
      .first()
      .waitFor();
    await page.goto(`${site.url}zh/guides/`);
    expect(await page.locator('main').innerText()).toContain('没有注意力的同一模型的指标');
    expect(problems).toEqual([]);
    await close();
  });

  test('search finds guides, exports, error codes, and Chinese words', async () => {
    const { page, problems, close } = await visit(browser, site.url);
    const finds = async (words: string, address: string): Promise<void> => {
      await page.locator('.VPNavBarSearch button').click();
      await page.locator('#localsearch-input').fill(words);
      await page.locator(`#localsearch-list li:first-child a[href*="${address}"]`).waitFor();
      await page.keyboard.press('Escape');
    };
    await finds('SHAPE_MISMATCH', '/errors/#SHAPE_MISMATCH');
    await finds('additiveAttention', '/api/core.html#additiveattention');
    await finds('pronunciation alignment', '/guides/pronunciation/');
    await page.goto(`${site.url}zh/`);
    await finds('置信度', '/zh/guides/confidence/');
    expect(problems).toEqual([]);
    await close();
  });

  test('languages lead to the same page, or to the first where a page has no translation', async () => {
    const { page, problems, close } = await visit(browser, `${site.url}guides/choosing/`);
    const other = (name: string): Promise<string | null> =>
      page.locator('.VPNavBarTranslations').getByRole('link', { name, includeHidden: true }).getAttribute('href');
    expect(await other('简体中文')).toBe(new URL('zh/guides/choosing/', site.url).pathname);
    await page.goto(`${site.url}zh/guides/choosing/`);
    expect(await other('English')).toBe(new URL('guides/choosing/', site.url).pathname);
    await page.goto(`${site.url}errors/`);
    expect(await other('简体中文')).toBe(new URL('zh/', site.url).pathname);
    expect(problems).toEqual([]);
    await close();
  });

  test('the model of a guide runs in it', async () => {
    const { page, problems, close } = await visit(browser, `${site.url}guides/pronunciation/`);
    await page.getByRole('link', { name: 'Try it here' }).click();
    const frame = page.frameLocator('iframe[title="The model of this guide"]');
    await frame.getByText('N AA K T', { exact: true }).waitFor({ timeout: 120_000 });
    // The model alone, without the playground around it.
    expect(await frame.getByRole('tab').count()).toBe(0);
    await frame.getByRole('link', { name: 'Open in the playground' }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('the playground is inside, and works', async () => {
    const { page, problems, close } = await visit(browser, `${site.url}guides/`);
    await page.locator('.VPNavBarMenu').getByRole('link', { name: 'Playground' }).click();
    await page.locator('header [role=status]', { hasText: /thread/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe(new URL('play/', site.url).pathname);
    expect(problems).toEqual([]);
    await close();
  });

  test('an error of the playground leads to what this site says of it', async () => {
    const hash = `#1?${new URLSearchParams({ view: 'tasks', task: 'names', tt: 'zoë' })}`;
    const { page, problems, close } = await visit(browser, `${site.url}play/${hash}`);
    const opened = page.waitForEvent('popup');
    await page.getByRole('alert').getByRole('link', { name: 'About INVALID_ARGUMENT' }).click();
    const errors = await opened;
    await errors.getByRole('heading', { name: 'INVALID_ARGUMENT' }).waitFor();
    expect(errors.url()).toBe(`${site.url}errors/#INVALID_ARGUMENT`);
    expect(problems).toEqual([]);
    await close();
  });
});
