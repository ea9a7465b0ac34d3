import { readFile } from 'node:fs/promises';
import { decode, decodeFrames } from 'modern-gif';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEPT } from '../src/views/read/reading.js';
import { executablePath, launch, ready, tableOf, visit } from './browser.js';

describe.runIf(executablePath !== undefined)('the first view', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('opens on what the model has read, and has the model read when it is asked', async () => {
    const fetched: string[] = [];
    const { page, problems, close } = await visit(browser, {
      hash: '',
      prepare: async (page) => page.on('request', (request) => fetched.push(request.url())),
    });
    await ready(page);
    const { fr, zh } = KEPT;
    const map = () => tableOf(page, 'Where it looked');
    const kept = await map();
    expect(kept.rows).toEqual(fr.written);
    expect(kept.columns).toEqual(fr.read);
    const look = page.locator('#view-read .look');
    expect(await look.innerText()).toBe('To write “fichier”, it looks most at “file”: 66 % of its attention.');
    await page.getByRole('group', { name: 'What it writes' }).getByRole('button', { name: 'supprimer' }).click();
    expect(await look.innerText()).toContain('To write “supprimer”');
    await page.getByRole('button', { name: 'Next piece' }).click();
    expect(await look.innerText()).toContain('To write “le”');
    await page.getByText('when this page was built').waitFor();
    expect(fetched.filter((url) => url.includes('safetensors'))).toEqual([]);

    await page.getByRole('button', { name: 'Let it read here' }).click();
    await page.getByText(/^Read just now in your browser, on wasm/).waitFor();
    const computed = await map();
    expect(computed.rows).toEqual(kept.rows);
    computed.values.forEach((row, i) => row.forEach((x, j) => expect(x).toBeCloseTo(kept.values[i]![j]!, 2)));

    // What can be watched can be saved as a film: a frame for each row, the whole map last and longest.
    await page.getByText('Save', { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'GIF', exact: true }).click(),
    ]);
    const gif = new Uint8Array(await readFile(await download.path()));
    const { frames, width, height } = decode(gif);
    expect(frames.map(({ delay }) => delay)).toEqual(
      fr.written.map((_, n) => (n < fr.written.length - 1 ? 500 : 2500)),
    );
    const pictures = decodeFrames(gif);
    /** Share of a frame that is of another colour than its corner, the background. */
    const drawnIn = ({ data }: (typeof pictures)[number]): number => {
      let count = 0;
      for (let n = 0; n < data.length; n += 4) if (data[n] !== data[0] || data[n + 1] !== data[1]) count++;
      return count / (width * height);
    };
    const shares = pictures.map(drawnIn);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)! - shares[0]!).toBeGreaterThan(0.2);

    await page.getByText('Switch heads off', { exact: true }).click();
    const head = page.getByRole('checkbox', { name: 'Writing, layer 1: to what was written before; head 1' });
    await head.uncheck();
    // The head that tells what was written before is missed: the model writes the same over and over.
    await expect
      .poll(async () => (await map()).rows.filter((piece) => piece === '·sélection').length)
      .toBeGreaterThan(3);
    expect(await page.getByText('Right with a probability').count()).toBe(0);
    await expect.poll(() => page.url()).toContain('ro=decoder%2F0%2Fself_attention.0');
    await page
      .getByRole('checkbox', { name: 'Reading, layer 1: from each piece of the input to the others; head 1' })
      .uncheck();
    await page.getByText('Heads switched off: 2').waitFor();
    await page.getByRole('button', { name: 'All on' }).click();
    await expect.poll(async () => (await map()).rows).toEqual(kept.rows);
    // Of the heads whose mean is shown, and which the model copies by, one has to stay.
    const shown = page.getByRole('checkbox', { name: /^Writing, layer 2: to the input; / });
    const before = (await map()).values;
    for (const head of [3, 2, 1]) await shown.nth(head).uncheck();
    await expect.poll(async () => (await map()).values).not.toEqual(before);
    expect(await shown.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).disabled))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    await page.getByRole('button', { name: 'All on' }).click();
    await expect.poll(async () => (await map()).values).toEqual(before);

    await page.getByLabel('English sentence').fill('Open File');
    await expect.poll(async () => (await map()).columns).toEqual(['<fr>', '·Open', '·File']);
    await page.getByLabel('Into').selectOption('de');
    await expect.poll(async () => (await map()).columns[0]).toBe('<de>');
    await expect.poll(() => page.url()).toContain('#1?view=read&rt=Open+File&ri=de');
    await page.getByRole('button', { name: 'The first sentence' }).click();
    await expect.poll(async () => (await map()).rows).toEqual(fr.written);
    // A sentence that was kept in another language is shown at once.
    await page.getByLabel('Into').selectOption('zh');
    await expect.poll(async () => (await map()).rows).toEqual(zh!.written);
    await page.getByRole('button', { name: 'How a cell of this map is computed' }).click();
    await page.getByRole('region', { name: 'Tour' }).getByText('3 of 5').waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});
