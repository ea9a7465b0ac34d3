import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CHROMIUM_FLAGS, chromiumToTestIn } from '@heed/chromium';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { causalAttention, wave } from './attention.js';
import { serveFolder } from '@heed/chromium/serve';
import { visit } from './visit.js';

type Outputs = Readonly<Record<'context' | 'weights' | 'dQuery' | 'dKey' | 'dValue', number[]>>;

interface Result {
  readonly name: string;
  readonly simd: string;
  readonly threads: number;
  readonly notes: readonly string[];
  readonly isolated: boolean;
  readonly small: Outputs;
  readonly large: Outputs;
}

const executablePath = chromiumToTestIn();

/** Ways in which a page is served: title, path, whether it is isolated. */
const UNDER_A_PATH = ['under a path', '/some/where/', true] as const;
const AT_THE_ROOT = [
  ['isolated', '/', true],
  ['not isolated', '/', false],
] as const;
/** A bundler is told from another by where it looks for files, which shows under a path; what a page does at the root of its server is Heed's. */
const served = (bundler: string) => [UNDER_A_PATH, ...(bundler === 'vite' ? AT_THE_ROOT : [])];

describe.runIf(executablePath !== undefined).each(['vite', 'webpack', 'esbuild'])('%s', (bundler) => {
  const folder = fileURLToPath(new URL(`../${bundler}/`, import.meta.url));
  let browser: Browser;

  beforeAll(async () => {
    const [command, args] = bundler === 'vite' ? [viteBin(folder), ['build']] : ['bundle.mjs', []];
    await promisify(execFile)(process.execPath, [command, ...args], { cwd: folder });
    browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  });

  afterAll(() => browser?.close());

  test.each(served(bundler))(
    '%s: forward and backward, without a message or a failed request',
    async (_, path, isolated) => {
      const site = await serveFolder(`${folder}dist`, path, isolated);
      try {
        const { result, errors, scripts } = await visit<Result>(browser, site.url);
        expect(errors).toEqual([]);
        expect(scripts.some(holdsWebglEngine)).toBe(false);
        expect(result).toMatchObject({ name: 'wasm', simd: 'relaxed', isolated });
        if (isolated) {
          expect(result.threads).toBeGreaterThan(1);
          expect(result.notes.join()).toContain('threads over');
        } else {
          expect(result.threads).toBe(1);
          expect(result.notes.join()).toContain('Cross-Origin-Opener-Policy');
        }
        expectAttention(result.small, 8);
        expectAttention(result.large, 512);
      } finally {
        await site.close();
      }
    },
  );

  test('on webgl: forward and backward, without a message or a failed request', async () => {
    const site = await serveFolder(`${folder}dist`, '/', false);
    try {
      const { result, errors, scripts } = await visit<Result>(browser, `${site.url}?backend=webgl`);
      expect(errors).toEqual([]);
      expect(scripts.some(holdsWebglEngine)).toBe(true);
      expect(result).toMatchObject({ name: 'webgl' });
      expectAttention(result.small, 8);
      expectAttention(result.large, 512);
    } finally {
      await site.close();
    }
  });
});

/** Whether a script, minified or not, has TensorFlow.js's webgl engine, which alone names this flag. */
const holdsWebglEngine = (script: string): boolean => script.includes('WEBGL_LAZILY_UNPACK');

function viteBin(folder: string): string {
  return `${folder}node_modules/vite/bin/vite.js`;
}

const WIDTH = 16;

/** Expects the first numbers of the first head; gradients are those of its context, weighted by the values. */
function expectAttention(outputs: Outputs, length: number): void {
  const [query, key, value] = [0.37, 0.61, 0.23].map((frequency) => wave(length, WIDTH, frequency)) as [
    number[][],
    number[][],
    number[][],
  ];
  const expected = causalAttention(query, key, value, value);
  for (const [name, rows] of Object.entries(expected)) {
    const numbers = outputs[name as keyof Outputs];
    const flat = rows.flat().slice(0, numbers.length);
    const worst = flat.reduce((most, x, n) => Math.max(most, Math.abs(x - numbers[n])), 0);
    expect(worst, `${name} of ${length}`).toBeLessThan(2e-5);
    expect(flat.length).toBeGreaterThan(60);
  }
}
