// The whole suite on webgl in the other engines. It runs on a page's main thread, where all of them have WebGL; Chromium's is in agreement/webgl.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browsersToTestIn, type Tab } from '@heed/browsers';
import { serveFolder, type Site } from '@heed/chromium/serve';
import { listCases, type ConformanceReport } from '@heed/conformance';
import { tellRan } from '@heed/reports';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

declare global {
  /** What the page says: the case at which it is, then how the suite ended. */
  var said: { at?: string; error?: string; report?: ConformanceReport };
}

const SUITE = `
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { webgl } from '@heed/backend-webgl';
import { runConformance } from '@heed/conformance';
globalThis.said = {};
const onCase = ({ id }) => { said.at = id; };
runConformance(webgl(), { onCase }).then(
  (report) => { said.report = report; },
  (error) => { said.error = String(error); },
);`;

// Milliseconds. The drivers draw on the processor, and compile shaders for most of it.
const PATIENCE = 900_000;

let place: string;
let site: Site;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'heed-suite-'));
  await build({
    stdin: { contents: SUITE, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    outfile: join(place, 'suite.js'),
    bundle: true,
    format: 'esm',
    logLevel: 'error',
  });
  await writeFile(join(place, 'index.html'), '<!doctype html><script type="module" src="suite.js"></script>');
  site = await serveFolder(place, '/', true);
});
afterAll(async () => {
  await site?.close();
  await rm(place, { recursive: true, force: true });
});

for (const { name, isInstalled, open } of browsersToTestIn()) {
  if (name === 'Chromium') continue;
  describe.runIf(isInstalled)(name, () => {
    let tab: Tab;
    beforeAll(async () => {
      tab = await open();
    });
    afterAll(() => tab?.close());

    test('passes the whole conformance suite on webgl', { timeout: PATIENCE }, async ({ task }) => {
      await tab.open(site.url);
      const stand = (): string => {
        const { at, error, report } = globalThis.said ?? {};
        return error ?? (report === undefined ? `at ${at}` : 'ended');
      };
      await expect.poll(() => tab.run(stand), { timeout: PATIENCE, interval: 1000 }).not.toMatch(/^at /);
      expect(await tab.run(stand)).toBe('ended');
      const cases = await tab.run(() =>
        globalThis.said.report!.cases.map(({ id, status, message }) => ({ id, status, message })),
      );
      expect(cases).toHaveLength(listCases().length);
      expect(cases.filter(({ status }) => status !== 'passed')).toEqual([]);
      tellRan(task, { where: name, backend: 'webgl', cases: cases.length });
    });
  });
}
