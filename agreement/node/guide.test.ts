import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { BackendFactory } from '@heed/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConformanceReport } from '../../packages/conformance/src/report.js';
import { listCases, runConformance } from '../../packages/conformance/src/run-conformance.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LINES_OF_A_SCREEN = 66;

describe('docs/guides/write-a-backend.md', () => {
  let guide: string;
  let folder: string;
  beforeAll(async () => {
    guide = await readFile(join(root, 'docs', 'guides', 'write-a-backend.md'), 'utf8');
    // The folder is in this package, so that imports are resolved as in a package of the workspace.
    folder = await mkdtemp(fileURLToPath(new URL('../node_modules/.guide-', import.meta.url)));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('fits one screen', () => {
    expect(guide.split('\n').length).toBeLessThanOrEqual(LINES_OF_A_SCREEN);
  });

  it('has a backend that compiles, passes the cases of its op, and fuses it', async () => {
    const blocks = [...guide.matchAll(/^```ts\n([^]*?)^```$/gm)];
    expect(blocks).toHaveLength(1);
    await writeFile(join(folder, 'toy.ts'), blocks[0][1]);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const compilerOptions = { rootDir: '.', composite: false };
    const config = { extends: join(root, 'tsconfig.base.json'), compilerOptions, files: ['toy.ts'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);

    const file = pathToFileURL(join(folder, 'toy.js')).href;
    const { toy } = (await import(/* @vite-ignore */ file)) as { toy: () => BackendFactory };
    // Whatever other ops are asked for runs composed, which has a suite of its own.
    const ofItsOp = listCases().filter(({ id, group }) => group === 'manifest' || /weighted|^normalizers/.test(id));
    expect(ofItsOp.length).toBeGreaterThan(200);
    const report: ConformanceReport = await runConformance(toy(), { cases: ofItsOp.map(({ id }) => id) });
    expect(report.cases.filter(({ status }) => status !== 'passed')).toEqual([]);
    const fused = report.cases.filter(({ path }) => path === 'fused').map(({ id }) => id);
    expect(fused).toContain('normalizers/softmax/plain');
    expect(fused).toContain('normalizers/softmax/minus-infinity-scores');
    expect(fused).toContain('differences/weighted/softmax');
    expect(fused).not.toContain('normalizers/softmax/causal');
    expect(fused).not.toContain('normalizers/sparsemax/plain');
  });
});
