import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHROMIUM_FLAGS, chromiumToTestIn } from '@heed/chromium';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { serveFolder } from '@heed/chromium/serve';
import { visit } from './visit.js';

const executablePath = chromiumToTestIn();

interface Result {
  readonly notes: readonly string[];
  readonly shared: boolean;
  readonly same: boolean;
  readonly first: number;
}

test.runIf(executablePath !== undefined)(
  'threads over the engine’s own shared heap give the bits that one gives',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heed-shared-heap-'));
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
    const engine = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
    await cp(engine, join(folder, 'engine'), { recursive: true, filter: (path) => !/\.(?:map|js|ts)$/.test(path) });
    await writeFile(
      join(folder, 'index.html'),
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./shared-heap.js"></script>',
    );
    await build({
      entryPoints: [fileURLToPath(new URL('pages/shared-heap.js', import.meta.url))],
      outdir: folder,
      bundle: true,
      format: 'esm',
    });
    const site = await serveFolder(folder, '/', true);
    try {
      const { result, errors } = await visit<Result>(browser, site.url);
      expect(errors).toEqual([]);
      expect(result).toMatchObject({ shared: true, same: true });
      expect(result.notes.join()).toContain("4 threads over the engine's shared heap");
      expect(Number.isFinite(result.first)).toBe(true);
    } finally {
      await site.close();
      await browser.close();
      await rm(folder, { recursive: true });
    }
  },
);
