import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickOnceThere, executablePath, launch, ready, visit } from './browser.js';

describe.runIf(executablePath !== undefined)('what can’t be used', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const output = (page: Page): Locator => page.locator('p[aria-label=Output]');

  test('a task’s answer goes when the next input is refused', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=tasks&task=translate' });
    await ready(page);
    await expect.poll(() => output(page).textContent()).toMatch(/\S/);
    const input = page.getByRole('textbox', { name: 'Input' });
    await input.fill('xx: Open File');
    await page
      .getByRole('alert')
      .filter({ hasText: '"xx" is no language, which texts aren\'t translated to' })
      .waitFor();
    expect(await output(page).count()).toBe(0);
    expect(await page.locator('figure:visible').count()).toBe(0);
    await input.fill('de: Open File');
    await expect.poll(() => output(page).textContent()).toMatch(/öffnen/i);
    expect(problems).toEqual([]);
    await close();
  });

  test('an answer that was stopped leaves none of what was asked before', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=tasks&task=generate&on=cpu' });
    await ready(page);
    await expect.poll(() => output(page).textContent()).toMatch(/\S/);
    const isStopped = clickOnceThere(page, 'Stop');
    await page.getByRole('textbox', { name: 'Input' }).fill('We the people');
    await isStopped;
    await expect.poll(() => page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
    expect(await output(page).count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test.each([
    ['generate', 'I owe you 5 €', 'the character "€"'],
    ['names', 'zoë', 'the character "ë"'],
    ['sentiment', 'lacking 力', 'the letter "力"'],
    ['g2p', 'naïve', 'the character "ï"'],
  ])('%s says which character of %j it can’t read', async (task, text, problem) => {
    const hash = `#1?view=tasks&${new URLSearchParams({ task, tt: text })}`;
    const { page, problems, close } = await visit(browser, { hash });
    await ready(page);
    await page.getByRole('alert').filter({ hasText: problem }).waitFor();
    expect(await output(page).count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('the beam’s outputs for one word don’t stay under another that can’t be read, nor under none', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=model&by=beam&word=cat' });
    await ready(page);
    const alternatives = page.getByRole('region', { name: 'Alternatives of the beam' });
    await alternatives.waitFor();
    await page.getByLabel('Word').fill('c4t');
    await page.getByRole('alert').filter({ hasText: 'source symbol "4"' }).waitFor();
    expect(await alternatives.count()).toBe(0);
    expect(await output(page).count()).toBe(0);
    await page.getByLabel('Word').fill('cut');
    await alternatives.waitFor();
    await page.getByLabel('Word').fill('');
    await expect.poll(() => alternatives.count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('sizes out of range are said to be, and nothing is compared or trained with the sizes before', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=backends&cl=8&cd=4' });
    await ready(page);
    const length = page.getByLabel('Positions T');
    for (const wrong of ['9999', '0', '-3', '2.5', '']) {
      await length.fill(wrong);
      await page.getByText('From 1 to 512; 8 still counts.').waitFor();
      await page.getByRole('button', { name: 'Compare' }).click();
      await expect.poll(() => length.evaluate((field) => field === document.activeElement)).toBe(true);
      expect(await page.getByText(/^(?:Starting|Computing on)/).count()).toBe(0);
      expect(await page.locator('#compare-times').count()).toBe(0);
    }
    await length.fill('9');
    expect(await page.getByText('still counts').count()).toBe(0);
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.locator('#compare-times').waitFor();

    await page.getByRole('tab', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'English words and their sounds' }).click();
    await page.getByLabel('Words per step').fill('1000');
    await page.getByText('From 1 to 256; 32 still counts.').waitFor();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.waitForTimeout(300);
    expect(await page.getByText('Loading the dictionary').count()).toBe(0);
    await page.getByRole('button', { name: 'Start training' }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('a paused training goes on to the steps that were typed since, and keeps its other settings', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=train&tn=5000&tu=32&tb=4&on=cpu' });
    await ready(page);
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText(/^Step \d+ of 5000/).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    expect(await page.getByLabel('Words per step').isDisabled()).toBe(true);
    expect(await page.getByLabel('Decoder').isDisabled()).toBe(true);
    const [, done] = /After (\d+) step/.exec((await page.getByText(/^After \d+ step/).textContent())!)!;
    const steps = page.getByLabel('Steps', { exact: true });
    await steps.fill(String(Number(done) - 1)); // fewer than there were
    await page.getByText(`From ${Number(done).toLocaleString('en')} to 100,000; 5,000 still counts.`).waitFor();
    const wanted = Number(done) + 7;
    await steps.fill(String(wanted));
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Train again' }).waitFor();
    await page.getByText(`After ${wanted} steps`).waitFor();
    expect(await page.getByLabel('Words per step').isDisabled()).toBe(false);
    expect(problems).toEqual([]);
    await close();
  });
});
