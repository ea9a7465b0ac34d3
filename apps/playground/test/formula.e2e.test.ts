import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, keysOf, launch, ready, tableOf, visit, type Visit } from './browser.js';

const WEIGHTS = 'Weights α';

describe.runIf(executablePath !== undefined)('formula view', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function open(hash = ''): Promise<Visit> {
    const opened = await visit(browser, { hash });
    await ready(opened.page);
    return opened;
  }

  /** A map's numbers once they are as `holds` says; the page computes a moment after its controls change. */
  async function valuesWhen(page: Page, name: string, holds: (values: number[][]) => boolean): Promise<number[][]> {
    for (let tries = 0; ; tries++) {
      const { values } = await tableOf(page, name);
      if (holds(values) || tries === 200) return values;
      await page.waitForTimeout(100);
    }
  }
  const weightsWhen = (page: Page, holds: (values: number[][]) => boolean): Promise<number[][]> =>
    valuesWhen(page, WEIGHTS, holds);

  test.each(['wasm', 'cpu', 'webgl'])('shows scores, weights and context, computed on %s', async (backend) => {
    const { page, problems, close } = await open();
    await page.getByLabel(backend, { exact: true }).check();
    await page.getByText(new RegExp(`on ${backend}\\.|of the ${backend} backend`)).waitFor();
    const { rows, columns, values } = await tableOf(page, WEIGHTS);
    expect(rows).toEqual(['the', 'cat', 'sat', 'down']);
    expect(columns).toEqual(rows);
    for (const [i, row] of values.entries()) {
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
      // A word has the same vector in both sequences, so it matches itself best.
      expect(Math.max(...row)).toBe(row[i]);
    }
    const { values: scores } = await tableOf(page, 'Scores e');
    const exps = scores[1]!.map(Math.exp);
    const total = exps.reduce((sum, exp) => sum + exp, 0);
    exps.forEach((exp, j) => expect(exp / total).toBeCloseTo(values[1]![j]!, 2));
    expect((await tableOf(page, 'Context c')).values).toHaveLength(4);
    expect(problems).toEqual([]);
    await close();
  });

  test('takes what is typed, every mechanism, masks, temperature, cap and dropout', async () => {
    const { page, problems, close } = await open();
    await page.getByLabel('Query sequence').fill('cat');
    await page.getByLabel('Memory sequence').fill('a dog a cat');
    let values = await weightsWhen(page, (rows) => rows.length === 3 && rows[0]!.length === 4);
    expect(values).toHaveLength(3); // a word alone is its letters
    for (const name of [
      'Additive (Bahdanau)',
      'Dot product (Luong)',
      'General (Luong)',
      'Concat (Luong)',
      'Multi-head',
    ]) {
      const before = JSON.stringify(values);
      await page.getByLabel('Mechanism').selectOption({ label: name });
      values = await weightsWhen(page, (rows) => JSON.stringify(rows) !== before);
      expect(JSON.stringify(values), name).not.toBe(before);
      for (const row of values) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
    }
    await page.getByRole('button', { name: 'Head 2' }).click();
    const second = await tableOf(page, WEIGHTS);
    expect(second.values).not.toEqual(values);

    await page.getByRole('button', { name: 'A sentence and itself' }).click();
    await page.getByText('Temperature, soft cap, dropout, masks').click();
    const plain = await weightsWhen(page, (rows) => rows.length === 4);
    await page.getByLabel(/causal/).check();
    const causal = await weightsWhen(page, (rows) => rows[0]![1] === 0);
    causal.forEach((row, i) => row.forEach((weight, j) => expect(weight === 0, `${i},${j}`).toBe(j > i)));
    await page.getByLabel(/causal/).uncheck();
    await page.getByLabel('window').check();
    const near = await weightsWhen(page, (rows) => rows[0]![2] === 0 && rows[0]![1] !== 0);
    near.forEach((row, i) => row.forEach((weight, j) => expect(weight === 0).toBe(Math.abs(i - j) > 1)));
    await page.getByLabel('window').uncheck();
    await page.getByLabel('shorter memory').check();
    const short = await weightsWhen(page, (rows) => rows.every((row) => row[3] === 0));
    expect(short.map((row) => row[3])).toEqual([0, 0, 0, 0]);
    await page.getByLabel('shorter memory').uncheck();
    await page.getByLabel(/Temperature/).fill('1');
    const warm = await weightsWhen(page, (rows) => rows[0]![0]! < 0.5);
    expect(Math.max(...warm.flat())).toBeLessThan(Math.max(...plain.flat()));
    await page.getByLabel(/Temperature/).fill('0');
    const isPlain = (rows: number[][]): boolean => JSON.stringify(rows) === JSON.stringify(plain);
    expect(isPlain(await weightsWhen(page, isPlain))).toBe(true);
    await page.getByLabel('soft cap').check();
    await page.getByLabel('Cap γ').fill('0.5');
    const isCapped = (scores: number[][]): boolean => scores.flat().every((score) => Math.abs(score) <= 0.5);
    expect(isCapped(await valuesWhen(page, 'Scores e', isCapped))).toBe(true);
    const { values: context } = await tableOf(page, 'Context c');
    await page.getByLabel('Dropout rate').fill('0.5');
    const differs = (values: number[][]): boolean => JSON.stringify(values) !== JSON.stringify(context);
    expect(differs(await valuesWhen(page, 'Context c', differs))).toBe(true);
    expect((await tableOf(page, WEIGHTS)).values.flat().every((weight) => weight > 0)).toBe(true); // before dropout

    await page.getByLabel('Query sequence').fill('');
    await page.getByText('Type something into both fields').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('symbols highlight their maps, cells their sources, by pointer and by keys', async () => {
    const { page, problems, close } = await open('#1?m=additive');
    const figure = (name: string) => page.locator('figure', { has: page.locator(`strong:text-is("${name}")`) });
    await figure(WEIGHTS).waitFor();
    await page.locator('math [data-part="c"]').first().hover();
    await expect.poll(() => figure('Context c').getAttribute('class')).toContain('lit');
    await page.getByRole('button', { name: 'α weights' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => figure(WEIGHTS).getAttribute('class')).toContain('lit');

    await keysOf(figure(WEIGHTS)).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const said = figure(WEIGHTS).locator('attention-heatmap [role=status]');
    await expect.poll(() => said.textContent()).toMatch(/^memory cat to query cat, 0\.\d+$/);
    await page.getByText(/The query “cat” matches “cat” with score/).waitFor();
    await figure('Query vectors s').locator('attention-heatmap #row').waitFor();
    await page.keyboard.press('Control+End');
    await expect.poll(() => said.textContent()).toMatch(/^memory down to query down/);
    expect(problems).toEqual([]);
    await close();
  });

  test('parameters can be changed, are in the link, and can be put back', async () => {
    const { page, problems, close } = await open('#1?m=additive');
    const before = await weightsWhen(page, (rows) => rows.length === 4);
    await page.getByText('Parameters: look and change').click();
    const vector = page.locator('figure', { has: page.locator('strong:text-is("vector")') });
    await keysOf(vector).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByLabel('vector, number 1').fill('9');
    const changed = await weightsWhen(page, (rows) => JSON.stringify(rows) !== JSON.stringify(before));
    expect(changed).not.toEqual(before);
    await expect.poll(() => page.evaluate(() => decodeURIComponent(location.hash))).toContain('e=vector!0!9');
    await page.getByRole('button', { name: 'Undo 1 change' }).click();
    expect(await weightsWhen(page, (rows) => JSON.stringify(rows) === JSON.stringify(before))).toEqual(before);
    expect(problems).toEqual([]);
    await close();
  });

  test('Bahdanau’s decoder goes through e, α, c and y, one output at a time', async () => {
    const { page, problems, close } = await open('#1?is=decoder');
    const where = page.getByText(/^Output \d+ of \d+, /);
    await where.waitFor();
    await expect.poll(() => where.textContent()).toBe('Output 1 of 8, e');
    const { values: scores } = await tableOf(page, 'Scores e');
    const next = page.getByRole('button', { name: 'Next' });
    await next.click();
    const { values: weights } = await tableOf(page, WEIGHTS);
    const total = scores[0]!.reduce((sum, score) => sum + Math.exp(score), 0);
    scores[0]!.forEach((score, j) => expect(Math.exp(score) / total).toBeCloseTo(weights[0]![j]!, 2));
    await next.click();
    await page.getByText('256 numbers').waitFor();
    await next.click();
    const output = async (): Promise<string> =>
      (await page.getByLabel('Output so far').textContent())!.replaceAll(/\s+/g, ' ').trim();
    await expect.poll(output).toContain('AH');
    for (let n = 0; n < 4; n++) await next.click();
    await expect.poll(output).toBe('AH T');
    await page.getByRole('button', { name: 'Last' }).click();
    await expect.poll(output).toBe('AH T EH N SH AH N (end)');
    // A model that has learnt nothing, with parameters of its own.
    await page.getByRole('combobox', { name: 'Model' }).selectOption('seed');
    await page.getByText('Parameters: look and change').click();
    await page.locator('figure', { has: page.locator('strong:text-is("query_kernel")') }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});
