import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

/** Compiler options of a user's project, in which a bundler or Node finds the packages. */
const STRICT = {
  strict: true,
  noEmit: true,
  target: 'es2022',
  lib: ['es2023', 'dom'],
  types: ['node'],
  skipLibCheck: true,
};
const RESOLUTIONS: Readonly<Record<string, object>> = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

interface Example {
  /** Name of the Markdown file, and the number of the example in it. */
  readonly name: string;
  readonly source: string;
}

describe('a user with a strict TypeScript project', () => {
  let project: string;

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'heed-readmes-'));
    await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    await linkPackages(join(project, 'node_modules'));
  });
  afterAll(() => rm(project, { recursive: true, force: true }));

  test.each(Object.keys(RESOLUTIONS))('compiles every example of the READMEs and guides: %s', async (resolution) => {
    const examples = await allExamples();
    expect(examples.length).toBeGreaterThan(30);
    for (const heading of ['README.md', 'README.zh-CN.md']) {
      expect(examples.some(({ name }) => name.startsWith(`${heading}#`))).toBe(true);
    }
    expect(await compilerErrors(project, resolution, examples)).toBe('');
  });

  test.each(Object.keys(RESOLUTIONS))('has the weights that were asked for, and no others: %s', async (resolution) => {
    const named = (name: string, source: string): Example => ({ name, source: `${ASKING}\n${source}` });
    expect(await compilerErrors(project, resolution, [named('right', RIGHT)])).toBe('');
    const wrongs = WRONG.map(([source], n) => named(`wrong-${n}`, source));
    const errors = (await compilerErrors(project, resolution, wrongs)).split(/^(?=wrong)/m);
    for (const [n, [source, complaint]] of WRONG.entries()) {
      expect(errors.find((error) => error.startsWith(`wrong-${n}.ts`)) ?? 'it compiles', source).toMatch(complaint);
    }
  });
});

const ASKING = `
  import * as tf from '@tensorflow/tfjs-core';
  import { multiHead, selfAttend } from '@heed/attention';
  import { additiveAttention, dotProductAttention, weightedContext } from '@heed/core';
  const mechanism = multiHead({ queryWidth: 8, memoryWidth: 8, heads: 2, seed: 1 });
  declare const x: tf.Tensor3D;
  declare const perhaps: boolean;
`;
const RIGHT = `
  const all = { returnWeights: true, returnLogSumExp: true } as const;
  mechanism.attend(x, mechanism.prepare(x), { returnWeights: true }).weights.print();
  mechanism.attend(x, mechanism.prepare(x), all).logSumExp.print();
  selfAttend(mechanism, x, { causal: true, returnWeights: true }).weights.print();
  dotProductAttention(x, x, x, all).weights.shape satisfies number[];
  additiveAttention(x, x, x, x, { returnWeights: true }).weights.print();
  weightedContext(x, x, { returnWeights: true }).weights.print();
  tf.tidy(() => dotProductAttention(x, x, x, all)).logSumExp.print();
  mechanism.attend(x, mechanism.prepare(x), { returnWeights: perhaps }).weights?.print();
`;
const WRONG: readonly (readonly [string, RegExp])[] = [
  ['mechanism.attend(x, mechanism.prepare(x), { returnWeights: perhaps }).weights.print();', /possibly 'undefined'/],
  ['dotProductAttention(x, x, x, { returnWeights: perhaps }).weights.print();', /possibly 'undefined'/],
  ['dotProductAttention(x, x, x).weights.print();', /undefined|never/],
  ['weightedContext(x, x, { causal: true }).weights.print();', /undefined|never/],
  ['selfAttend(mechanism, x, { returnLogSumExp: true }).weights.print();', /undefined|never/],
  ['mechanism.attend(x, mechanism.prepare(x), { returnWeight: true });', /returnWeight/],
  ['dotProductAttention(x, x, x, { casual: true, returnWeights: true });', /casual/],
];

/** Messages of the compiler about the examples; empty when they are right. */
async function compilerErrors(project: string, resolution: string, examples: readonly Example[]): Promise<string> {
  const folder = join(project, resolution);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const { name, source } of examples) {
    await writeFile(join(folder, `${name.replaceAll('/', '.')}.ts`), `${source}\nexport {};\n`);
  }
  const compilerOptions = { ...STRICT, ...RESOLUTIONS[resolution] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const run = promisify(execFile)(process.execPath, [tsc, '-p', folder], { cwd: folder });
  return run.then(
    () => '',
    (error: { stdout?: string; message: string }) => error.stdout || error.message,
  );
}

/** Examples of all READMEs and guides. An example that needs something given declares it in a comment that isn't shown. */
async function allExamples(): Promise<Example[]> {
  const files = [];
  for (const folder of [
    '',
    'examples',
    'bench',
    'docs/guides',
    'docs/guides/attention',
    'apps/site/home',
    ...(await packageFolders()),
  ]) {
    const names = await readdir(join(root, folder));
    files.push(...names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name)));
  }
  const examples = [];
  for (const file of files) {
    const text = await readFile(join(root, file), 'utf8');
    const found = text.matchAll(
      /(?:<!-- given:\n([^]*?)-->\n\n?)?^```(?:js|ts|mjs|javascript|typescript)\b.*\n([^]*?)^```/gm,
    );
    for (const [n, [, given = '', source]] of [...found].entries()) {
      examples.push({ name: `${file}#${n + 1}`, source: `${given}${source}` });
    }
  }
  return examples;
}

async function packageFolders(): Promise<string[]> {
  const parents = await Promise.all(
    ['packages', 'apps'].map(async (parent) => (await readdir(join(root, parent))).map((name) => join(parent, name))),
  );
  return parents.flat();
}

/** Links all published packages, and those that they and their users import, as an install would. */
async function linkPackages(modules: string): Promise<void> {
  const link = async (name: string, target: string): Promise<void> => {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(await realpath(target), join(modules, name), 'dir').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  };
  for (const folder of await packageFolders()) {
    const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly private?: boolean;
    };
    if (manifest.private) continue;
    await link(manifest.name, join(root, folder));
    const engines = join(root, folder, 'node_modules', '@tensorflow');
    for (const name of await readdir(engines).catch(() => [])) await link(`@tensorflow/${name}`, join(engines, name));
  }
  for (const name of ['@types/node', 'vitest']) await link(name, join(root, 'node_modules', name));
  // Who defines a mechanism installs it.
  await link('valibot', join(root, 'packages/attention/node_modules/valibot'));
}
