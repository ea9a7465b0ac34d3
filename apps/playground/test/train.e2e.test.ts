import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import { loadG2p } from '@heed/datasets';
import { recurrent } from '@heed/networks';
import { openRun, resumeRun } from '@heed/nn/node';
import { unzipSync } from 'fflate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, ready, visit } from './browser.js';

describe.runIf(executablePath !== undefined)('train view', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await launch({ graphics: true });
    folder = await mkdtemp(join(tmpdir(), 'heed-playground-'));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  test('trains, pauses, goes on, and downloads a run that Node and the page open', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=train&tn=240&tu=32&ts=5' });
    await ready(page);
    await page.getByRole('button', { name: 'Start training' }).click();
    const pause = page.getByRole('button', { name: 'Pause' });
    await page.getByText(/^Step \d+ of 240/).waitFor();
    await expect.poll(() => page.getByText(/^On words it never saw|Loss \d/).textContent()).toContain('of sounds');
    // The page answers while the worker works.
    await page.getByRole('tab', { name: 'Formula' }).click();
    await page.locator('figure').first().waitFor();
    await page.getByRole('tab', { name: 'Train' }).click();
    await pause.click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    const paused = Number(/After (\d+) step/.exec((await page.getByText(/^After \d+ step/).textContent())!)![1]);
    expect(paused).toBeGreaterThan(0);
    expect(paused).toBeLessThan(240);
    await page.waitForTimeout(500);
    expect(await page.getByText(/^After \d+ step/).textContent()).toContain(String(paused));
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Train again' }).waitFor({ timeout: 90_000 });
    const loss = Number(/Loss ([\d.]+)/.exec((await page.getByText(/^Loss/).textContent())!)![1]);
    expect(loss).toBeLessThan(3); // it begins at ln 40 = 3.7

    // Every reading is kept.
    await page.getByLabel('Look back').fill('0');
    await page.getByText(/^After 6 steps/).waitFor();

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the run' }).click(),
    ]);
    const archive = await readFile(await download.path());
    const files = unzipSync(archive);
    expect(Object.keys(files).toSorted()).toEqual([
      'g2p/model.safetensors',
      'g2p/run.json',
      'g2p/training.safetensors',
    ]);
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name.slice(4)), bytes);
    const backend = await selectBackend(cpu());
    const { model, info } = await openRun(folder, { networks: [recurrent] });
    expect(info).toMatchObject({ task: 'g2p', progress: { step: 240, steps: 240 }, dataOptions: { seed: 5 } });
    // The command would go on with it: its data is the same.
    const { version, train, validation } = await loadG2p({ seed: 5 });
    expect(info.dataVersion).toBe(version);
    const resumed = await resumeRun(folder, {
      networks: [recurrent],
      dataVersion: version,
      examples: { train, validation },
      steps: 300,
    });
    expect(resumed.info().progress).toMatchObject({ step: 240, steps: 300 });
    resumed.dispose();
    const [read] = await model.greedy([[...'attention']]);
    expect(read!.output.length).toBeGreaterThan(0);
    model.dispose();
    await backend.dispose();

    await page.getByRole('tab', { name: 'Model', exact: true }).click();
    await page
      .getByLabel('Or choose files')
      .setInputFiles({ name: 'g2p.zip', mimeType: 'application/zip', buffer: archive });
    await page.getByText('Task g2p, step 240 of 240').waitFor();
    await expect
      .poll(() => page.locator('p[aria-label=Output]').textContent())
      .toContain(`attention → ${read!.output.join(' ')}`);
    expect(problems).toEqual([]);
    await close();
  });

  test('goes on while a backend is tried again, and while a word is refused', async () => {
    const plain = await launch();
    const { page, problems, close } = await visit(plain, { hash: '#1?view=train&tn=100000&tu=32&tb=4&is=decoder' });
    await ready(page);
    await page.getByRole('button', { name: 'Start training' }).click();
    const step = async (): Promise<number> =>
      Number(/^Step (\d+)/.exec((await page.getByText(/^Step \d+ of 100000/).textContent())!)![1]);
    const before = await step();
    await page.getByLabel('webgl', { exact: true }).check(); // there is none
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await ready(page);
    await page.getByRole('tab', { name: 'Formula' }).click();
    await page.getByLabel('Word to read').fill('c4t');
    const refused = page.locator('#view-formula').getByRole('alert');
    await refused.filter({ hasText: 'This input can’t be used' }).waitFor();
    expect(await refused.getByRole('button').count()).toBe(0); // the same word would be refused again
    await page.getByRole('tab', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(step).toBeGreaterThan(before);
    expect(problems).toEqual([]);
    await close();
    await plain.close();
  });

  test('is there when the page is opened again, and goes on where it was', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=train&tn=400&tu=32&tb=4&ts=7' });
    await ready(page);
    await page.getByRole('button', { name: 'Start training' }).click();
    const after = page.getByText(/^After \d+ step/);
    await after.waitFor();
    await page.goto('about:blank');
    await page.goBack();
    await page.getByText('This training was kept from your last visit.').waitFor();
    const kept = Number(/\d+/.exec((await after.textContent())!)![0]);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(400);
    expect(await page.getByLabel('Seed').inputValue()).toBe('7');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Train again' }).waitFor({ timeout: 90_000 });
    await page.getByText('After 400 steps').waitFor();
    // What was read before is still there to look back at.
    expect(await page.getByLabel('Look back').getAttribute('max')).toBe('39'); // of a reading every 10 steps

    // Also when it is finished, and no more when it was thrown away.
    await page.reload();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the run' }).click(),
    ]);
    const { 'g2p/run.json': info } = unzipSync(await readFile(await download.path()));
    expect(JSON.parse(new TextDecoder().decode(info))).toMatchObject({
      progress: { step: 400 },
      training: { seed: 7 },
    });
    await page.getByRole('spinbutton', { name: 'Steps' }).fill('100000');
    await page.getByRole('button', { name: 'Train again' }).click();
    await after.waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Throw away' }).click();
    await page.getByRole('button', { name: 'Start training' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Start training' }).waitFor();
    await ready(page);
    expect(await page.getByRole('button', { name: /Go on|Download the run/ }).count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  }, 240_000);

  test('isn’t lost without a question where the browser keeps nothing', async () => {
    const { page, problems, close } = await visit(browser, {
      hash: '#1?view=train&tn=100000&tu=32&tb=4',
      prepare: (page) =>
        page.route(/\/assets\/main-[^/]*\.js$/, async (route) => {
          const response = await route.fetch();
          const block = 'Object.defineProperty(self, "indexedDB", { value: undefined });';
          await route.fulfill({ response, body: `${block}${await response.text()}` });
        }),
    });
    await ready(page);
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('This browser doesn’t keep the training').waitFor();
    await page.getByText(/^Step \d+ of/).waitFor();
    const [question] = await Promise.all([page.waitForEvent('dialog'), page.close({ runBeforeUnload: true })]);
    expect(question.type()).toBe('beforeunload');
    await question.accept();
    expect(problems).toEqual([]);
    await close();
  });

  test.each(['cpu', 'webgl'])('takes steps on %s, and another backend goes on with them', async (backend) => {
    const { page, problems, close } = await visit(browser, {
      hash: `#1?view=train&tn=8&tu=32&tb=4&on=${backend}&ta=additive&tr=bahdanau`,
    });
    await ready(page);
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText(/^After [1-9] step/).waitFor({ timeout: 200_000 });
    const pause = page.getByRole('button', { name: 'Pause' });
    if (await pause.isVisible()) await pause.click({ timeout: 1000 }).catch(() => undefined);
    const goOn = page.getByRole('button', { name: 'Go on' });
    const again = page.getByRole('button', { name: 'Train again' });
    await goOn.or(again).waitFor({ timeout: 90_000 });
    if (await goOn.isVisible()) {
      await page.getByLabel('wasm', { exact: true }).check();
      await goOn.click();
      await again.waitFor({ timeout: 90_000 });
    }
    await page.getByText(/^After 8 steps/).waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});
