import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const script = join(root, 'scripts', 'new-backend.mjs');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const BACKENDS = join('packages', 'backends');
/** The files of the list of backends that name each. */
const LIST = ['package.json', 'tsconfig.json', 'src/facts.ts', 'src/loaders.ts'];

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'heed-new-backend-'));
  for (const file of ['tsconfig.json', 'tsconfig.base.json']) await cp(join(root, file), join(workspace, file));
  for (const file of ['package.json', 'tsconfig.json', 'src'])
    await cp(join(root, BACKENDS, file), join(workspace, BACKENDS, file), { recursive: true });
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

describe('pnpm new:backend', () => {
  it.each([
    [[], 'usage'],
    [['a', 'b'], 'usage'],
    [['Upper'], "'Upper' can't be the name"],
    [['../outside'], "'../outside' can't be the name"],
    [['-a'], 'Unknown option'],
    [['delete'], 'means something in JavaScript'],
    [['a', '--dir', '/nowhere/at/all'], 'no such file'],
  ])('refuses %j', async (names, message) => {
    const { code, stderr } = await node(script, '--dir', workspace, ...names);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(await readdir(workspace)).toEqual(['packages', 'tsconfig.base.json', 'tsconfig.json']);
    expect(await readdir(join(workspace, 'packages'))).toEqual(['backends']);
    for (const file of LIST) expect(await added(join(BACKENDS, file))).toBe('');
  });

  describe('my-gpu', () => {
    let folder: string;
    let made: Output;
    beforeAll(async () => {
      made = await node(script, 'my-gpu', '--dir', workspace);
      folder = join(workspace, 'packages', 'backend-my-gpu');
    });

    it('makes a package under its name, and says what to do next', async () => {
      expect(made).toMatchObject({ code: 0, stderr: '' });
      expect(made.stdout).toContain('pnpm --filter @heed/backend-my-gpu test');
      const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
      expect(files.map(({ name }) => name)).toContain('my-gpu.ts');
      for (const { name, parentPath } of files) {
        expect(await readFile(join(parentPath, name), 'utf8')).not.toMatch(/your-?backend/i);
      }
    });

    it('adds a reference to the root tsconfig.json and changes nothing else there', async () => {
      expect(await added('tsconfig.json')).toBe('    { "path": "packages/backend-my-gpu" },\n');
    });

    it('adds it to the list of backends, and changes nothing else there', async () => {
      expect(await added(join(BACKENDS, 'package.json'))).toBe('    "@heed/backend-my-gpu": "workspace:^",\n');
      expect(await added(join(BACKENDS, 'tsconfig.json'))).toBe('    { "path": "../backend-my-gpu" },\n');
      expect(await added(join(BACKENDS, 'src/loaders.ts'))).toBe(
        "  'my-gpu': async () => (await import('@heed/backend-my-gpu')).myGpu(),\n",
      );
      expect(await added(join(BACKENDS, 'src/facts.ts'))).toMatch(
        /^ {2}\{\n {4}name: 'my-gpu',\n( {4}.*\n)+ {2}\},\n$/,
      );
      expect(made.stdout).toContain('packages/backends/src/facts.ts');
    });

    it('makes it in a workspace without a list, too', async () => {
      const other = await mkdtemp(join(tmpdir(), 'heed-new-backend-'));
      await cp(join(root, 'tsconfig.json'), join(other, 'tsconfig.json'));
      const { code, stdout } = await node(script, 'my-gpu', '--dir', other);
      expect([code, await readdir(join(other, 'packages'))]).toEqual([0, ['backend-my-gpu']]);
      expect(stdout).not.toContain('packages/backends');
      await rm(other, { recursive: true });
    });

    it('overwrites nothing', async () => {
      await writeFile(join(folder, 'src', 'kernels.ts'), '// mine');
      const { code, stderr } = await node(script, 'my-gpu', '--dir', workspace);
      expect([code, stderr]).toEqual([2, expect.stringContaining('exists already')]);
      expect(await readFile(join(folder, 'src', 'kernels.ts'), 'utf8')).toBe('// mine');
      await rm(folder, { recursive: true });
      expect(await node(script, 'my-gpu', '--dir', workspace)).toMatchObject({ code: 0 });
    });

    it('is found by its name and loads, once it is built', async () => {
      await install(workspace, folder);
      for (const path of [folder, join(workspace, BACKENDS)])
        expect(await node(tsc, '-p', path)).toEqual({ code: 0, stdout: '', stderr: '' });
      const find = `
        import { BACKENDS, findBackend } from './${BACKENDS}/dist/index.js';
        console.log((await findBackend('my-gpu', BACKENDS).load({})).name);`;
      expect(await node('--input-type=module', '--eval', find)).toMatchObject({ code: 0, stdout: 'my-gpu\n' });
    });

    it('has the whole suite, and says what is left to fuse', { timeout: 300_000 }, async () => {
      const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
      // Composed of the engine's ops, each case runs in composed.test.ts; here, what is the package's own.
      const own = ['manifest: ', 'dispose: ', 'what is left to do '].join('|');
      const { stdout } = await node(vitest, 'run', '--root', folder, '--reporter=json', '--testNamePattern', own);
      const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as Results;
      const results = testResults.flatMap(({ assertionResults }) => assertionResults);
      const ran = results.filter(({ status }) => status !== 'skipped');
      const failed = ran.filter(({ status }) => status !== 'passed');
      expect(failed.map(({ title }) => title)).toEqual([
        'fuse weightedContext',
        'fuse dotProductAttention',
        'fuse additiveAttention',
      ]);
      expect(failed[1].failureMessages[0]).toContain(
        "53 of 53 cases of 'shapes' run composed: my-gpu has no kernels for dotProductAttention.",
      );
      expect(ran.length - failed.length).toBeGreaterThan(10);
      // It has the whole suite, though.
      expect(results.length).toBeGreaterThan(800);
    });
  });
});

/** The lines that a file of the workspace has in one place, and that of this repository hasn't; nothing else is different. */
async function added(file: string): Promise<string> {
  const [before, after] = await Promise.all(
    [root, workspace].map(async (folder) => (await readFile(join(folder, file), 'utf8')).split(/(?<=\n)/)),
  );
  let start = 0;
  while (start < before!.length && before![start] === after![start]) start++;
  const count = after!.length - before!.length;
  expect(after!.toSpliced(start, count)).toEqual(before);
  return after!.slice(start, start + count).join('');
}

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function node(...args: string[]): Promise<Output> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      cwd: workspace,
      maxBuffer: 2 ** 26,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Output;
  }
}

/** Links what `pnpm install` would link, and the packages that a real workspace has. */
async function install(workspace: string, folder: string): Promise<void> {
  const config = JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8')) as { references: { path: string }[] };
  const paths = config.references.map(({ path }) => path).filter((path) => join(path) !== BACKENDS);
  for (const path of paths) await linkTo(join(root, path), join(workspace, path));
  for (const path of ['packages/core', 'packages/conformance', 'tools/reports']) {
    await linkTo(join(root, path), join(folder, 'node_modules', '@heed', basename(path)));
  }
  for (const name of ['@tensorflow/tfjs', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu']) {
    await linkTo(join(root, 'packages', 'conformance', 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const name of ['vitest', '@types/node']) {
    await linkTo(join(root, 'node_modules', name), join(workspace, 'node_modules', name));
  }

  const modules = join(BACKENDS, 'node_modules');
  for (const scope of ['@heed', '@tensorflow']) {
    for (const name of await readdir(join(root, modules, scope)))
      await linkTo(join(root, modules, scope, name), join(workspace, modules, scope, name));
  }
  await linkTo(folder, join(workspace, modules, '@heed', 'backend-my-gpu'));
}

async function linkTo(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, 'dir');
}
