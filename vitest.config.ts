import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { notTestedIn } from '@heed/browsers';
import { NOT_TESTED, chromiumToTestIn } from '@heed/chromium';
import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { agreementProjects } from './agreement/projects.js';
import { LongestFirst } from './scripts/test-run/longest-first.js';

const chromium = chromiumToTestIn();
const notTested = chromium === undefined ? NOT_TESTED : notTestedIn();
if (notTested !== undefined) process.once('exit', () => console.error(`\n${notTested}`));

/** Tests that measure time, which run last and one at a time. */
const TIMED = '**/*.timed.test.ts';

/** Project of a folder's tests in Node, under the name of its package, which in its own tests means its sources. */
function inNode(folder: string): TestProjectInlineConfiguration {
  const { name } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, import.meta.url), 'utf8')) as {
    readonly name: string;
  };
  const sources = fileURLToPath(new URL(`${folder}/src/index.ts`, import.meta.url));
  return {
    extends: true,
    root: folder,
    resolve: { alias: [{ find: new RegExp(`^${name}$`), replacement: sources }] },
    test: { name, exclude: [...configDefaults.exclude, TIMED] },
  };
}

const packages = readdirSync(new URL('packages', import.meta.url)).map((name) => `packages/${name}`);

export default defineConfig({
  test: {
    // By itself vitest leaves a processor free, which is every other one of two.
    maxWorkers: availableParallelism(),
    server: { deps: { external: [/\/node_modules\//, /\/(?:packages|tools)\/[^/]+\/dist\//] } },
    sequence: { sequencer: LongestFirst },
    // Tests train for some seconds, which takes longer on a busy machine, and this one is busy with the tests of pages.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    projects: [
      ...[...packages, 'apps/cli', 'bench', 'examples/test', 'tools/reports'].map(inNode),
      { extends: true, test: { name: 'scripts', include: ['scripts/**/*.test.ts'] } },
      { extends: true, test: { name: 'timed', include: [TIMED], maxWorkers: 1, sequence: { groupOrder: 1 } } },
      'apps/{playground,site}/vitest*.config.ts',
      ...agreementProjects(chromium),
    ],
  },
});
