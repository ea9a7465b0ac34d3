import { readFile } from 'node:fs/promises';
import { parseReport } from '@heed/conformance';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS } from '../src/engine/jobs.js';
import { executablePath, launch, ready, tableOf, visit } from './browser.js';
import { HEADS } from './suite-size.js';

const VIEW = '#1?view=backends';
/** Those that tests run by default: a browser gives away no adapter for webgpu that computes in software, unless it is told to. */
const HERE = BACKENDS.filter((name) => name !== 'webgpu');

describe.runIf(executablePath !== undefined)('backends view', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch({ graphics: true });
  });
  afterAll(() => browser?.close());

  test('the status says what a backend can do, and why not more', async () => {
    const isolated = await visit(browser, { hash: VIEW });
    await ready(isolated.page);
    const status = isolated.page.getByRole('region', { name: 'Backend wasm' });
    await status.waitFor();
    const text = (await status.innerText()).replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/SIMD relaxed/);
    expect(text).toMatch(/Threads [2-8]/);
    expect(text).toMatch(/Float width 32 bits/);
    expect(text).toMatch(/Fused operations .*linearAttention Parts of masks they take band, .* Options .*dropout/);
    expect(text).toMatch(/Live tensors \(formula, model\) \d+/);
    expect(text).toMatch(/Bytes \d+/);
    await isolated.page.getByLabel('webgl', { exact: true }).check();
    await isolated.page.getByRole('region', { name: 'Backend webgl' }).getByText('TensorFlow.js webgl').waitFor();
    expect(isolated.problems).toEqual([]);
    await isolated.close();

    const open = await visit(browser, { hash: VIEW, isolated: false });
    await ready(open.page);
    const alone = open.page.getByRole('region', { name: 'Backend wasm' });
    await alone.getByText(/1: this page is served without the headers that isolate it/).waitFor();
    expect(open.problems).toEqual([]);
    await open.close();
  });

  test('compares all backends on the same inputs, with float64 and with each other', async () => {
    const { page, problems, close } = await visit(browser, { hash: `${VIEW}&cl=40&cg=1` });
    await ready(page);
    for (const op of ['dotProductAttention', 'additiveAttention']) {
      await page.getByLabel('Operation').selectOption(op);
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.getByRole('button', { name: 'Stop' }).waitFor();
      await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached', timeout: 90_000 });
      const times = await page.locator('#compare-times tbody tr').allInnerTexts();
      expect(times.map((row) => row.trim().split(/\s+/)[0])).toEqual(BACKENDS);
      expect(times.pop()).toMatch(/^webgpu\s+can’t run here: .*(no WebGPU|no adapter)/);
      for (const row of times) {
        expect(row).toMatch(/[\d.]+ ms\s*(?:fused|composed)\s*agrees: at most [\d.]+ ulp of [\d.]+ allowed \(\w+\)/);
      }
      for (const backend of HERE) {
        await page.getByRole('button', { name: `${backend} − float64`, exact: true }).click();
        const rows = page.locator('#compare-differences tbody tr');
        expect(await rows.count()).toBe(op === 'dotProductAttention' ? 5 : 6);
        for (const row of await rows.all()) {
          const [, , ulps, allowed] = (await row.locator('td').allTextContents()).map(Number);
          expect(allowed).toBeGreaterThanOrEqual(16);
          expect(ulps).toBeLessThanOrEqual(allowed!);
        }
        await page.getByText(`Difference of the weights, ${backend} − float64`).waitFor();
      }
      for (const pair of HERE.flatMap((a, n) => HERE.slice(n + 1).map((b) => `${a} − ${b}`))) {
        await page.getByRole('button', { name: pair, exact: true }).click();
        const rows = await page.locator('#compare-differences tbody tr').allTextContents();
        expect(rows.length).toBe(op === 'dotProductAttention' ? 5 : 6); // context, weights, gradients
        for (const row of await page.locator('#compare-differences tbody tr').all()) {
          const [absolute, , ulps] = await row.locator('td').allTextContents();
          expect(Number(absolute), pair).toBeLessThan(1e-4);
          expect(Number(ulps), pair).toBeLessThan(200);
        }
        const { values } = await tableOf(page, `Difference of the weights, ${pair}`);
        expect(values).toHaveLength(40);
        // The table of differences and the map say the same of the weights' first head.
        const absolute = Number(
          await page.locator('#compare-differences tr', { hasText: 'weights' }).locator('td').first().textContent(),
        );
        const attended = values.flat().filter((value) => !Number.isNaN(value)); // the others are masked
        expect(attended).toHaveLength((40 * 41) / 2);
        expect(Math.max(...attended)).toBeLessThanOrEqual(absolute * 1.1);
      }
    }
    // Of a problem that is too large for the oracle, it has a part.
    await page.getByLabel('Batch').fill('16');
    await page.getByLabel('Positions T').fill('64');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText(/it computed the first \d+ of 32 heads/).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('compares webgpu with the others, where the browser has it', async () => {
    const own = await launch({ webgpu: true });
    const { page, problems, close } = await visit(own, { hash: `${VIEW}&cl=12` });
    await ready(page);
    await page.getByRole('button', { name: 'Compare' }).click();
    const row = page.locator('#compare-times tr', { hasText: 'webgpu' });
    await row.getByText(/agrees: at most [\d.]+ ulp of [\d.]+ allowed/).waitFor();
    expect(await row.innerText()).toMatch(/[\d.]+ ms\s*fused/);
    await page.getByRole('button', { name: 'wasm − webgpu', exact: true }).click();
    expect(await page.locator('#compare-differences tbody tr').count()).toBe(2); // context, weights
    expect(problems).toEqual([]);
    await close();
    await own.close();
  });

  test.each(HERE)('runs the conformance suite on %s, and saves its report', async (backend) => {
    const { page, problems, close } = await visit(browser, { hash: `${VIEW}&on=${backend}` });
    await ready(page);
    await page.getByRole('button', { name: `Run on ${backend}` }).click();
    await page.getByText(new RegExp(`${backend}: ${HEADS} passed, 0 failed`)).waitFor({ timeout: 90_000 });
    const [json] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the report as JSON' }).click(),
    ]);
    const report = parseReport(await readFile(await json.path(), 'utf8'));
    expect(report).toMatchObject({ backend, totals: { passed: HEADS, failed: 0 } });
    const [html] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the report as HTML' }).click(),
    ]);
    expect(await readFile(await html.path(), 'utf8')).toContain(`<h1>Conformance: ${backend}`);
    expect(problems).toEqual([]);
    await close();
  });

  test('a run of the suite can be stopped, and the page computes on', async () => {
    const { page, problems, close } = await visit(browser, { hash: `${VIEW}&on=cpu` });
    await ready(page);
    await page.getByLabel('Group').selectOption('');
    await page.getByRole('button', { name: 'Run on cpu' }).click();
    await page.getByText(/^[1-9]\d* of \d{3,} cases/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /Save the report/ }).count()).toBe(0);
    await page.getByLabel('Group').selectOption('scale');
    await page.getByRole('button', { name: 'Run on cpu' }).click();
    await page.getByText(/cpu: \d+ passed, 0 failed/).waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});
