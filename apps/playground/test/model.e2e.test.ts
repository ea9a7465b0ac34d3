import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { g2p } from '@heed/models';
import type { RunInfo } from '@heed/nn';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS } from '../src/engine/jobs.js';
import { executablePath, launch, ready, tableOf, visit } from './browser.js';

const VIEW = '#1?view=model';

describe.runIf(executablePath !== undefined)('model view', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const said = (page: Page) => page.locator('p[aria-label=Output]');

  test.each(BACKENDS)('reads words aloud on %s, greedily and with a beam', async (backend) => {
    const { page, problems, close } = await visit(browser, { hash: `${VIEW}&on=${backend}` });
    await ready(page);
    await expect.poll(() => said(page).textContent(), { timeout: 60_000 }).toContain('attention → AH T EH N SH AH N');
    const { rows, columns, values } = await tableOf(page, 'Alignment');
    expect(columns.join('')).toBe('attention');
    expect(rows).toEqual('AH T EH N SH AH N'.split(' '));
    // EH comes from the e.
    expect(Math.max(...values[2])).toBe(values[2][3]);
    await page.getByLabel('Word').fill('thing');
    await expect.poll(() => said(page).textContent(), { timeout: 60_000 }).toContain('thing → TH IH NG');
    await page.getByRole('button', { name: 'Beam', exact: true }).click();
    const alternatives = page.getByRole('region', { name: 'Alternatives of the beam' });
    await alternatives.waitFor();
    expect(await alternatives.getByRole('row').count()).toBe(5);
    const scores = await alternatives.locator('td:nth-child(3)').allTextContents();
    expect(scores.map(Number)).toEqual(scores.map(Number).toSorted((a, b) => b - a));
    await alternatives.getByRole('button').nth(1).click();
    await expect.poll(() => said(page).textContent()).not.toContain('thing → TH IH NG ');
    expect(problems).toEqual([]);
    await close();
  });

  test('appears output by output, where motion is wanted', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW, context: { reducedMotion: 'no-preference' } });
    await ready(page);
    // Looked at in every frame, from before there is a model.
    await page.waitForFunction(() => {
      const seen = ((globalThis as { lengths?: Set<number> }).lengths ??= new Set());
      const element = document.querySelector<HTMLElement & { map?: { weights: unknown[] } }>('attention-heatmap');
      return seen.add(element?.map?.weights.length ?? 0).size >= 4;
    });
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
    const wrong = 'This file is not what it should be';
    const broken: readonly (readonly [string, Buffer, string, string])[] = [
      ['model.safetensors', Buffer.from('this is no model'), wrong, 'the header claims'],
      ['model.safetensors', good.subarray(0, 100_000), wrong, 'lies at bytes'],
      ['picture.png', Buffer.from([137, 80, 78, 71]), wrong, 'among picture.png'],
      ['run.zip', Buffer.from('PK\u0003\u0004 not really'), wrong, 'run.zip'],
      ['model.safetensors', withoutMetadata(good), 'This is no model that can be used', 'heed-seq2seq'],
    ];
    for (const [name, bytes, message, detail] of broken) {
      await drop(page, { [name]: bytes });
      await page.getByRole('alert').filter({ hasText: message }).filter({ hasText: detail }).waitFor();
    }
    await dropPath(page, fileURLToPath(new URL('.', g2p.model)));
    await page.getByRole('alert').filter({ hasText: 'A file could not be loaded' }).waitFor();
    // The model before still works.
    await page.getByLabel('Word').fill('cat');
    await expect.poll(() => said(page).textContent()).toContain('cat → K AE T');

    await page.getByLabel('Or choose files').setInputFiles([fileURLToPath(g2p.model), fileURLToPath(g2p.info)]);
    await page.getByText('Your file: Bahdanau’s decoder, attention: Additive (Bahdanau)').waitFor();
    const { progress } = JSON.parse(await readFile(g2p.info, 'utf8')) as RunInfo;
    await page.getByText(`Task g2p, step ${progress.step} of ${progress.steps}`).waitFor();
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

/** As the system tells the browser of what is let go, a folder too. */
async function dropPath(page: Page, path: string): Promise<void> {
  const zone = page.getByRole('region', { name: 'Your own model' });
  await zone.scrollIntoViewIfNeeded();
  const { x, y } = (await zone.boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: x + 5, y: y + 5, data });
  }
  await session.detach();
}

/** A safetensors file of the same numbers that doesn't say what they are. */
function withoutMetadata(file: Buffer): Buffer {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString()) as Record<string, unknown>;
  delete header['__metadata__'];
  const text = JSON.stringify(header).padEnd(length, ' ');
  return Buffer.concat([file.subarray(0, 8), Buffer.from(text), file.subarray(8 + length)]);
}
