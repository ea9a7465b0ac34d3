import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { g2p } from '@heed/models';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, ready, tableOf, visit } from './browser.js';

const VIEW = '#1?view=model';

describe.runIf(executablePath !== undefined)('model view', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const said = (page: Page) => page.locator('p[aria-label=Output]');

  test.each(['wasm', 'cpu', 'webgl'])('reads words aloud on %s, greedily and with a beam', async (backend) => {
    const { page, problems, close } = await visit(browser, { hash: `${VIEW}&on=${backend}` });
    await ready(page);
    await expect.poll(() => said(page).textContent(), { timeout: 60_000 }).toContain('attention → AH T EH N SH AH N');
    const { rows, columns, values } = await tableOf(page, 'Alignment');
    expect(columns.join('')).toBe('attention');
    expect(rows).toEqual('AH T EH N SH AH N'.split(' '));
    // EH comes from the e.
    expect(Math.max(...values[2]!)).toBe(values[2]![3]);
    await page.getByLabel('Word').fill('thing');
    await expect.poll(() => said(page).textContent(), { timeout: 60_000 }).toContain('thing → TH IH NG');
    await page.getByRole('button', { name: 'Beam', exact: true }).click();
    const alternatives = page.getByRole('region', { name: 'Alternatives of the beam' });
    await alternatives.waitFor();
    expect(await alternatives.getByRole('row').count()).toBe(5);
    const scores = await alternatives.locator('td:nth-child(3)').allTextContents();
    expect(scores.map(Number)).toEqual(scores.map(Number).toSorted((a, b) => b - a));
    await alternatives.getByRole('button').nth(1).click();
    expect(await said(page).textContent()).not.toContain('thing → TH IH NG ');
    expect(problems).toEqual([]);
    await close();
  });

  test('appears output by output, where motion is wanted', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW, context: { reducedMotion: 'no-preference' } });
    await ready(page);
    const lengths = new Set<number>();
    for (let n = 0; n < 60 && lengths.size < 4; n++) {
      const { rows } = await page.evaluate(() => {
        const element = document.querySelector<HTMLElement & { map?: { weights: unknown[] } }>('attention-heatmap');
        return { rows: element?.map?.weights.length ?? 0 };
      });
      lengths.add(rows);
      await page.waitForTimeout(70);
    }
    expect(lengths.size).toBeGreaterThanOrEqual(4);
    expect(problems).toEqual([]);
    await close();
  });

  test('says what is wrong with a word, and goes on', async () => {
    const { page, problems, close } = await visit(browser, { hash: `${VIEW}&word=na%C3%AFve` });
    await ready(page);
    await page.getByRole('alert').filter({ hasText: 'source symbol "ï"' }).waitFor();
    await page.getByLabel('Word').fill('naive');
    await expect.poll(() => said(page).textContent()).toContain('naive → N');
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('takes files of the reader’s own, and refuses broken ones', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    await expect.poll(() => said(page).textContent()).toContain('AH T EH N SH AH N');
    const good = await readFile(g2p.model);
    const broken: readonly (readonly [string, Buffer, string])[] = [
      ['model.safetensors', Buffer.from('this is no model'), 'This file is not what it should be'],
      ['model.safetensors', good.subarray(0, 100_000), 'This file is not what it should be'],
      ['picture.png', Buffer.from([137, 80, 78, 71]), 'This file is not what it should be'],
      ['run.zip', Buffer.from('PK\u0003\u0004 not really'), 'This file is not what it should be'],
      ['model.safetensors', withoutMetadata(good), 'This is no model that can be used'],
    ];
    for (const [name, bytes, message] of broken) {
      await drop(page, { [name]: bytes });
      await page.getByRole('alert').filter({ hasText: message }).waitFor();
    }
    // The model before still works.
    await page.getByLabel('Word').fill('cat');
    await expect.poll(() => said(page).textContent()).toContain('cat → K AE T');

    await page.getByLabel('Or choose files').setInputFiles([fileURLToPath(g2p.model), fileURLToPath(g2p.info)]);
    await page.getByText('Your file: bahdanau, attention “additive”').waitFor();
    await page.getByText('Task g2p, step 5000 of 5000').waitFor();
    await page.getByLabel('Word').fill('dog');
    await expect.poll(() => said(page).textContent()).toContain('dog → D AO G');
    await page.getByRole('button', { name: 'Back to the model of this page' }).click();
    await page.getByText('Trained with Heed’s own command').waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});

/** As a reader would: files let go over the drop zone. */
async function drop(page: Page, files: Readonly<Record<string, Buffer>>): Promise<void> {
  const contents = Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')] as const);
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const [name, base64] of given) {
      data.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name));
    }
    return data;
  }, contents);
  await page.getByRole('region', { name: 'Your own model' }).dispatchEvent('drop', { dataTransfer: transfer });
}

/** A safetensors file of the same numbers that doesn't say what they are. */
function withoutMetadata(file: Buffer): Buffer {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString()) as Record<string, unknown>;
  delete header['__metadata__'];
  const text = JSON.stringify(header).padEnd(length, ' ');
  return Buffer.concat([file.subarray(0, 8), Buffer.from(text), file.subarray(8 + length)]);
}
