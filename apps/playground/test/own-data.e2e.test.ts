import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, ready, visit } from './browser.js';
import { OWN_FILES } from './own-runs.js';

const VIEW = '#1?view=train';
const HEED = fileURLToPath(new URL('../../cli/bin/heed.js', import.meta.url));

/** What a model of each kind is asked, and what is measured while it learns. */
const KINDS = {
  pairs: { input: 'abc', measured: 'of symbols and', preset: "Luong's general attention" },
  labels: { input: 'a bad day', measured: 'of labels wrong', preset: 'hierarchical attention' },
  text: { input: 'the ', measured: 'bits per character', preset: 'causal self-attention' },
} as const;

describe.runIf(executablePath !== undefined)('training on a file of one’s own', () => {
  let browser: Browser;
  let place: string;
  beforeAll(async () => {
    browser = await launch();
    place = await mkdtemp(join(tmpdir(), 'heed-playground-'));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(place, { recursive: true });
  });

  /** `heed` as somebody types it, in the folder of the files. */
  const heed = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [HEED, ...args], { cwd: place })).stdout;

  async function give(page: Page, kind: keyof typeof KINDS): Promise<string> {
    const { name, text } = OWN_FILES[kind];
    const file = join(place, name);
    await writeFile(file, text);
    await page.locator('#view-train input[type=file]').setInputFiles(file);
    await page.getByRole('heading', { name: 'What was found' }).waitFor();
    return file;
  }

  const number = async (page: Page, label: string, value: number): Promise<void> =>
    page.getByRole('spinbutton', { name: label, exact: true }).fill(String(value));

  test.each(Object.keys(KINDS) as (keyof typeof KINDS)[])(
    '%s: what was found is shown, a model is trained, and the command takes its run',
    async (kind) => {
      const { input, measured, preset } = KINDS[kind];
      const { page, problems, close } = await visit(browser, { hash: VIEW });
      await ready(page);
      const file = await give(page, kind);
      const pressed = page.getByRole('button', { name: kind, exact: true, pressed: true });
      await pressed.waitFor();
      expect(
        await page
          .getByRole('combobox', { name: /^Model/ })
          .locator('option:checked')
          .textContent(),
      ).toContain(preset);
      await page.getByText(/^All steps take /).waitFor();
      await number(page, 'Steps', 8);
      await number(page, 'Examples per step', 4);
      await page.getByRole('button', { name: 'Start training' }).click();
      await page.getByRole('button', { name: 'Train again' }).waitFor({ timeout: 90_000 });
      await page.getByText('After 8 steps').waitFor();
      await page.getByText(/^Loss/).filter({ hasText: measured }).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download the run' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`${kind}.zip`);
      const files = Object.entries(unzipSync(await readFile(await download.path())));
      expect(problems).toEqual([]);
      await close();
      await mkdir(join(place, kind), { recursive: true });
      for (const [name, bytes] of files) await writeFile(join(place, name), bytes);
      const info = JSON.parse(await readFile(join(place, kind, 'run.json'), 'utf8')) as Record<string, unknown>;
      expect(info).toMatchObject({
        task: kind,
        dataOptions: { seed: 1, data: [basename(file)] },
        progress: { step: 8 },
      });
      expect(await heed('run', `./${kind}`, input)).toContain(input.trim());
      expect(await heed('eval', `./${kind}`, '--data', basename(file), '--backend', 'cpu')).toMatch(/\d/);
      const resume = ['--out', kind, '--data', basename(file), '--steps', '10', '--resume', '--backend', 'cpu'];
      expect(await heed('train', kind, ...resume)).toContain('finished at step 10');
    },
    240_000,
  );

  test('is kept with its file for a later visit, and goes on', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    await give(page, 'pairs');
    await page.getByText(/^All steps take /).waitFor();
    await number(page, 'Steps', 200);
    await number(page, 'Examples per step', 4);
    await number(page, 'Seed', 3);
    await page.getByLabel('Text to watch').fill('abcd');
    await page.getByRole('button', { name: 'Start training' }).click();
    // What was read first is kept by the time that it reads again.
    await page.getByText(/^After \d\d+ steps?/).waitFor();
    await page.reload();
    await page.getByText('This training was kept from your last visit.').waitFor();
    await page.getByText(OWN_FILES['pairs'].name, { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Reading “abcd”' }).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Train again' }).waitFor({ timeout: 90_000 });
    await page.getByText('After 200 steps').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the run' }).click(),
    ]);
    const { 'pairs/run.json': info } = unzipSync(await readFile(await download.path()));
    expect(JSON.parse(new TextDecoder().decode(info))).toMatchObject({
      progress: { step: 200 },
      dataOptions: { seed: 3 },
      training: { seed: 3 },
    });
    expect(problems).toEqual([]);
    await close();
  });

  test('isn’t kept with a large file, and says so', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    const file = join(place, 'large.tsv');
    const wide = 'x'.repeat(60_000); // in a column that nobody reads
    await writeFile(file, OWN_FILES['pairs'].text.replaceAll('\n', `\t${wide}\n`));
    await page.locator('#view-train input[type=file]').setInputFiles(file);
    await page.getByText(/^All steps take /).waitFor();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('Your files are larger than 20 MB, so the training isn’t kept').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('an example of the test part is watched, with what would be right', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    await give(page, 'pairs');
    await number(page, 'Steps', 2);
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('After 2 steps').waitFor();
    const said = await page.getByText(/^Right would be: /).textContent();
    const heading = await page.getByRole('heading', { name: /^Reading “/ }).textContent();
    const [, input] = /“(.*)”/.exec(heading!)!;
    expect(said).toBe(`Right would be: ${[...input].toReversed().join(' ')}`);
    expect(problems).toEqual([]);
    await close();
  });

  test('says what is wrong with a file, and takes another', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    const chooser = page.locator('#view-train input[type=file]');
    await chooser.setInputFiles({ name: 'empty.tsv', mimeType: '', buffer: Buffer.from('') });
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('button', { name: 'Start training' }).isDisabled()).toBe(true);
    await give(page, 'labels');
    expect(await page.getByRole('alert').count()).toBe(0);
    // A setting that is wrong can be changed back.
    await page.getByText('Columns, units, format').click();
    const group = page.getByLabel('Column that keeps rows together');
    await group.fill('author');
    await group.blur();
    await group.fill('');
    await group.blur();
    await page.getByRole('heading', { name: 'What was found' }).waitFor();
    await page.getByRole('button', { name: 'English words and their sounds' }).click();
    await page.getByLabel('Word to watch').waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});
