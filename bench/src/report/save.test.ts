import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM_FLAGS, chromiumToTestIn } from '@heed/chromium';
import axe, { type AxeResults } from 'axe-core';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseOutcome } from '../case.js';
import { atLeast, atMost } from '../figure.js';
import { readBaseline } from './baseline.js';
import { readByHand } from './by-hand.js';
import { documentOf } from './document.js';
import type { Report } from './report.js';
import { save } from './save.js';

const NAMES = ['forward', 'decode-lstm', 'sweep'];

const standing = (system: string, ms: number) => ({
  system,
  ms,
  range: [ms, ms] as const,
  rounds: [ms],
  ratio: ms,
  interval: [ms, ms] as const,
});

const forward = (ratio: number): CaseOutcome => ({
  case: 'forward',
  title: 'attention <forward>',
  standings: [standing('heed', 1), standing('onnxruntime-web', ratio)],
  figures: [
    atLeast('forward: times onnxruntime-web', 2, [ratio - 0.1, ratio, ratio + 0.1], '×'),
    atMost('forward: backward, times forward', 2.5, [1.9, 2, 2.1], '×'),
  ],
  leftOut: ['jax-js: needs Node 24'],
});

const sweep: CaseOutcome = {
  case: 'sweep',
  title: 'against T',
  standings: [],
  figures: [],
  leftOut: [],
  rows: [
    { T: 64, heed: 0.4, 'onnxruntime-web': 0.5, 'Heed, GFLOP/s': 22 },
    { T: 128, heed: 1.5, 'onnxruntime-web': '–', 'Heed, GFLOP/s': 23 },
  ],
};

const report = (node: string, cases: readonly CaseOutcome[], more: Partial<Report> = {}): Report => ({
  command: 'bench',
  date: '2026-11-29',
  machine: 'a machine',
  node,
  simd: 'simd',
  versions: { 'onnxruntime-web': '1.30.0' },
  rounds: 9,
  cases,
  ...more,
});

let folder: string;
const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-save-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('results of two Nodes stand side by side, and a case that is measured again replaces the one before', async () => {
  expect(await save(folder, report('24.1.0', [forward(3), sweep]), NAMES)).toBe(0);
  expect(await save(folder, report('20.20.0', [forward(1)]), NAMES)).toBe(0);
  expect(await save(folder, report('20.20.0', [sweep, forward(1.5)]), NAMES)).toBe(0);
  const text = await read('RESULTS.md');
  expect(text).toContain('| figure | wanted | Node 20 | Node 24 |');
  expect(text).toContain(
    '| forward: times onnxruntime-web | ≥ 2 × | **1.5 × (1.4–1.6), missed** | 3 × (2.9–3.1), met |',
  );
  expect(text).toContain('| onnxruntime-web | 1.5 (1.5–1.5) | 1.5 (1.5–1.5) | 3 (3–3) | 3 (3–3) |');
  expect(text.match(/^## .*/gm)).toEqual(['## forward', '## sweep']);
  expect(await readBaseline(join(folder, 'baseline.ndjson'))).toMatchObject(
    ['20.20.0', '24.1.0'].flatMap((node) => [
      { name: 'forward: times onnxruntime-web', node },
      { name: 'forward: backward, times forward', node },
    ]),
  );
});

test('what was measured by hand stands under its case', async () => {
  const byHand = [{ case: 'forward', with: 'PyTorch 2.13.0', ms: 87, at: 'a machine' }];
  const blocks = documentOf([report('20.20.0', [forward(1), sweep])], byHand);
  const said = blocks.findIndex((block) => 'text' in block && block.text.includes('PyTorch 2.13.0: 87 ms (a machine)'));
  expect(blocks[said + 1]).toEqual({ heading: 'sweep', level: 2 });
  expect(await readByHand()).toEqual([expect.objectContaining({ case: 'train-generate', ms: expect.any(Number) })]);
});

test('cases of another machine or with other versions are dropped', async () => {
  expect(await save(folder, report('20.20.0', [forward(1.5)], { machine: 'another' }), NAMES)).toBe(2);
  expect(JSON.parse(await read('results/node-20.json'))).toMatchObject({
    machine: 'another',
    cases: [{ case: 'forward' }],
  });
  await save(folder, report('20.20.0', [forward(1.5), sweep]), NAMES);
});

test('plots say what they show, and stand alone', async () => {
  const names = (await readdir(join(folder, 'plots'))).toSorted();
  expect(names).toEqual(['limits.svg', 'ratios.svg', 'sweep-node-20.svg', 'sweep-node-24.svg']);
  const ratios = await read('plots/ratios.svg');
  expect(ratios).toMatch(/^<svg role="img" aria-label="How many times faster/);
  for (const text of ['Node 20', 'Node 24', 'target', 'forward: times onnxruntime-web', 'prefers-color-scheme'])
    expect(ratios).toContain(text);
  expect(await read('plots/sweep-node-20.svg')).toContain('onnxruntime-web');
});

describe.runIf(chromiumToTestIn() !== undefined)('the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumToTestIn(), args: [...CHROMIUM_FLAGS] });
  });
  afterAll(() => browser?.close());

  test.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 360],
    ['dark', 360],
  ] as const)(
    'asks for nothing, is no wider than the window and has nothing that axe finds: %s, %i px',
    async (colorScheme, width) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const page = await context.newPage();
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(`file://${join(folder, 'RESULTS.html')}`);
      expect(requests).toHaveLength(1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await page.locator('script').count()).toBe(0);
      expect(await page.getByRole('img').count()).toBe(4);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      const ink = await page
        .locator('svg text')
        .first()
        .evaluate((text) => getComputedStyle(text).fill);
      expect(ink).toBe(colorScheme === 'light' ? 'rgb(29, 33, 39)' : 'rgb(232, 230, 225)');
      await context.close();
    },
  );
});
