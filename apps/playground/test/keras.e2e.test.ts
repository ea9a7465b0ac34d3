import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '@heed/chromium/axe';
import { executablePath, launch, ready, visit } from './browser.js';
import { untranslated } from './untranslated.js';

const VIEW = '#1?view=keras';
const MODELS = fileURLToPath(new URL('../../../vectors/keras/models/', import.meta.url));

const give = async (page: Page, ...paths: readonly string[]): Promise<void> => {
  const files = paths.map(async (path) => ({
    name: path.split('/').at(-1)!,
    mimeType: 'application/octet-stream',
    buffer: await readFile(`${MODELS}${path}`),
  }));
  await page.locator('#view-keras input[type=file]').setInputFiles(await Promise.all(files));
};
const model = (page: Page) => page.getByRole('region', { name: 'Model', exact: true });
const answer = (page: Page) => page.getByRole('region', { name: 'What it computes' });

describe.runIf(executablePath !== undefined)('a model of Keras', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('is opened from its file, runs on an example and on what is typed, and shows what it attends to', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    await give(page, 'mha_scores/model.keras');
    await expect.poll(() => model(page).textContent()).toContain('6 layers, 282 parameters');
    expect(await model(page).textContent()).toContain('Its attention layers: mha.');
    await expect.poll(() => answer(page).locator('figure').count()).toBe(2);
    expect(await answer(page).textContent()).toContain('mha, head 2');
    expect(await violations(page)).toEqual([]);
    const first = (await answer(page).locator('code').first().textContent())!;
    const input = page.getByRole('textbox', { name: 'Input series [·, 5, 6], float32' });
    await input.fill(JSON.stringify([Array.from({ length: 5 }, () => [1, 0, 0, 0, 0, 0])]));
    await expect.poll(() => answer(page).locator('code').first().textContent()).not.toBe(first);
    await input.fill('[[1, 2');
    await page.getByText('That isn’t JSON of nested lists of numbers.').waitFor();
    await input.fill('[[[1, 2]]]');
    await page.getByText('input series is [1, 1, 2], and the model takes [any, 5, 6]').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test.each([
    ['the older format', ['seq2seq_luong_shared/model.h5'], 'Its attention layers: attention.'],
    ['JSON with its weights', ['nested_gru_mha/model.json', 'nested_gru_mha/model.weights.h5'], 'encoder/mha'],
  ])('from %s', async (_, files, says) => {
    const { page, problems, close } = await visit(browser, { hash: `${VIEW}&on=cpu` });
    await ready(page);
    await give(page, ...files);
    await expect.poll(() => model(page).textContent()).toContain(says);
    await expect.poll(() => answer(page).locator('figure').count()).toBeGreaterThan(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('that is not known or damaged is refused with the layer or the reason, and the one before stays', async () => {
    const { page, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    await give(page, 'mha_scores/model.keras');
    await expect.poll(() => answer(page).locator('figure').count()).toBe(2);
    await give(page, 'vit/model.keras');
    await page.getByText('layer pos is a heed>PositionalEmbedding, which is not known').waitFor();
    expect(await model(page).textContent()).toContain('mha_scores');
    await give(page, 'README.md');
    await page.getByText('neither a zip archive nor HDF5 nor JSON').waitFor();
    await close();
  });

  test('in Chinese', async () => {
    const { page, close } = await visit(browser, { hash: VIEW, context: { locale: 'zh-CN' } });
    await ready(page);
    await give(page, 'mha_scores/model.keras');
    await expect.poll(() => page.locator('#view-keras figure').count()).toBe(2);
    expect(await untranslated(page)).toEqual([]);
    await close();
  });
});
