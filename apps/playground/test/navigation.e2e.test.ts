import { fileURLToPath } from 'node:url';
import { g2p } from '@heed/models';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, ready, visit } from './browser.js';

describe.runIf(executablePath !== undefined)('moving about', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const selected = (page: Page) => page.getByRole('tab', { selected: true }).textContent();

  test('Back leads to the view before, with what was typed there, and Forward to the next', async () => {
    const { page, url, problems, close } = await visit(browser);
    await ready(page);
    await page.getByLabel('Query sequence').fill('one two');
    await page.getByRole('tab', { name: 'Model', exact: true }).click(); // before the address is written
    await page.getByRole('tab', { name: 'Tasks' }).click();
    await page.getByRole('button', { name: 'names', exact: true }).click();
    await expect.poll(() => page.url()).toContain('task=names');

    await page.goBack();
    await expect.poll(() => page.url()).not.toContain('task=names');
    expect((await selected(page))!.trim()).toBe('Tasks');
    await page.goBack();
    await expect.poll(async () => (await selected(page))!.trim()).toBe('Model');
    await page.goBack();
    await expect.poll(async () => (await selected(page))!.trim()).toBe('Formula');
    expect(await page.getByLabel('Query sequence').inputValue()).toBe('one two');
    expect(page.url()).toContain('q=one+two');

    await page.goForward();
    await expect.poll(async () => (await selected(page))!.trim()).toBe('Model');
    await page.waitForTimeout(500); // following makes no entries
    await page.goForward();
    await expect.poll(async () => (await selected(page))!.trim()).toBe('Tasks');
    expect(page.url().startsWith(url)).toBe(true);
    expect(problems).toEqual([]);
    await close();
  });

  test('typing and choosing within a view are no steps of the way back', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=model' });
    await ready(page);
    await page.getByRole('tab', { name: 'Formula' }).click();
    for (const text of ['a b', 'a b c']) {
      await page.getByLabel('Query sequence').fill(text);
      await page.waitForTimeout(400);
    }
    await page.getByRole('button', { name: 'Two heads' }).click();
    await expect.poll(() => page.url()).toContain('two+heads');
    await page.goBack();
    await expect.poll(async () => (await selected(page))!.trim()).toBe('Model');
    expect(problems).toEqual([]);
    await close();
  });

  test('a file that is dropped beside the box is taken, and in another view nothing happens', async () => {
    const { page, url, problems, close } = await visit(browser, { hash: '#1?view=model' });
    await ready(page);
    await page.getByText('Trained with Heed’s own command').waitFor();
    await drop(page, fileURLToPath(g2p.model), 'h1:visible');
    await page.getByText('Your file: Bahdanau’s decoder, attention: Additive (Bahdanau)').waitFor();
    expect(page.url().startsWith(url)).toBe(true);

    await page.getByRole('tab', { name: 'Formula' }).click();
    await drop(page, fileURLToPath(g2p.model), 'h1:visible');
    await page.waitForTimeout(500);
    expect(page.url().startsWith(url)).toBe(true);
    expect((await selected(page))!.trim()).toBe('Formula');
    expect(problems).toEqual([]);
    await close();
  });
});

/** As the system tells the browser of what is let go over an element. */
async function drop(page: Page, path: string, selector: string): Promise<void> {
  const { x, y } = (await page.locator(selector).first().boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: x + 5, y: y + 5, data });
  }
  await session.detach();
}
