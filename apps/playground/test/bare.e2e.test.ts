import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '@heed/chromium/axe';
import { drawn, executablePath, launch, ready, tableOf, visit } from './browser.js';
import { picture } from './pictures.js';

const VIEWS: Readonly<Record<string, { readonly hash: string; readonly shown: string; readonly hidden: string }>> = {
  read: { hash: '#1?bare=1&view=read', shown: 'figure', hidden: 'How a cell of this map is computed' },
  formula: { hash: '#1?bare=1&m=additive', shown: 'figure', hidden: 'Query sequence' },
  decoder: { hash: '#1?bare=1&is=decoder&i=2&ph=3', shown: 'figure', hidden: 'Word to read' },
  model: { hash: '#1?bare=1&view=model', shown: 'figure', hidden: 'Search' },
  tasks: { hash: '#1?bare=1&view=tasks&task=dates', shown: 'figure', hidden: 'Task' },
  train: { hash: '#1?bare=1&view=train&toy=sort', shown: 'figure', hidden: 'What it learns' },
  maps: { hash: '#1?bare=1&view=maps', shown: 'figure', hidden: 'Weights, as JSON or CSV' },
};

describe.runIf(executablePath !== undefined)('a bare page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each(Object.entries(VIEWS))('%s: the view’s content alone, and a link to all of it', async (view, visited) => {
    const { hash, shown, hidden } = visited;
    const { page, problems, close } = await visit(browser, { hash });
    await page.locator(`main ${shown}`).first().waitFor();
    await drawn(page);
    for (const name of ['tablist', 'tab', 'radio', 'banner'] as const)
      expect(await page.getByRole(name).count(), name).toBe(0);
    expect(await page.getByText(hidden, { exact: true }).filter({ visible: true }).count()).toBe(0);
    expect(await page.locator('input[type=file]:visible').count()).toBe(0);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    for (const width of [1200, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await drawn(page);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await violations(page)).toEqual([]);
      await picture(page, `bare-${view}-${width}`);
    }
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Open in the playground' }).click(),
    ]);
    await ready(opened);
    expect(new URL(opened.url()).hash).toBe(hash.replace('bare=1&', ''));
    await opened.getByText(hidden, { exact: true }).first().waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('a lesson of somebody else frames it by the code that the page gives', async () => {
    const context = { permissions: ['clipboard-read', 'clipboard-write'] };
    const { page, problems, close } = await visit(browser, { hash: '#1?q=one+two&k=a+%22b%22&v=random', context });
    await ready(page);
    await page.getByRole('button', { name: 'Embed' }).click();
    await page.getByText('Code of a frame with this view copied').waitFor();
    const code = await page.evaluate(() => navigator.clipboard.readText());
    const lesson = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/html').end(`<!doctype html><title>A lesson</title>${code}`);
    });
    await new Promise<void>((resolve) => lesson.listen(0, '127.0.0.1', () => resolve()));
    const other = await page.context().newPage();
    await other.goto(`http://127.0.0.1:${(lesson.address() as AddressInfo).port}`);
    expect(await other.locator('body > *').count()).toBe(1);
    const frame = other.frameLocator('iframe');
    await frame.getByText('Weights α', { exact: true }).waitFor();
    expect(await frame.getByRole('tab').count()).toBe(0);
    lesson.close();
    expect((await tableOf(page, 'Weights α')).columns).toEqual(['a', '"b"']);
    expect(problems).toEqual([]);
    await close();
  });
});
