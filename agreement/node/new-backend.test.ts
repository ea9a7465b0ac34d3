import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const script = join(root, 'scripts', 'new-backend.mjs');

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'heed-new-backend-'));
  for (const file of ['tsconfig.json', 'tsconfig.base.json']) await cp(join(root, file), join(workspace, file));
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
    expect(await readdir(workspace)).toEqual(['tsconfig.base.json', 'tsconfig.json']);
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
      const [before, after] = await Promise.all(
        [root, workspace].map((folder) => readFile(join(folder, 'tsconfig.json'), 'utf8')),
      );
      const line = '    { "path": "packages/backend-my-gpu" },\n';
      expect(after).toContain(line);
      expect(after!.replace(line, '')).toBe(before);
    });

    it('overwrites nothing', async () => {
      await writeFile(join(folder, 'src', 'kernels.ts'), '// mine');
      const { code, stderr } = await node(script, 'my-gpu', '--dir', workspace);
      expect([code, stderr]).toEqual([2, expect.stringContaining('exists already')]);
      expect(await readFile(join(folder, 'src', 'kernels.ts'), 'utf8')).toBe('// mine');
      await rm(folder, { recursive: true });
      expect(await node(script, 'my-gpu', '--dir', workspace)).toMatchObject({ code: 0 });
    });

    it('compiles, and its suite passes composed and says what is left to fuse', { timeout: 300_000 }, async () => {
      await install(workspace, folder);
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      expect(await node(tsc, '-p', folder)).toEqual({ code: 0, stdout: '', stderr: '' });

      const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
      const { stdout } = await node(vitest, 'run', '--root', folder, '--reporter=json');
      const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as Results;
      const results = testResults.flatMap(({ assertionResults }) => assertionResults);
      const failed = results.filter(({ status }) => status !== 'passed');
      expect(failed.map(({ title }) => title)).toEqual([
        'fuse weightedContext',
        'fuse dotProductAttention',
        'fuse additiveAttention',
      ]);
      expect(failed[1].failureMessages[0]).toContain(
        "53 of 53 cases of 'shapes' run composed: my-gpu has no kernels for dotProductAttention.",
      );
      expect(results.length - failed.length).toBeGreaterThan(800);
    });
  });
});

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
  for (const { path } of config.references) await linkTo(join(root, path), join(workspace, path));
  for (const name of ['core', 'conformance']) {
    await linkTo(join(root, 'packages', name), join(folder, 'node_modules', '@heed', name));
  }
  for (const name of ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu']) {
    await linkTo(join(root, 'packages', 'conformance', 'node_modules', name), join(folder, 'node_modules', name));
  }
  await linkTo(join(root, 'node_modules', 'vitest'), join(workspace, 'node_modules', 'vitest'));
}

async function linkTo(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, 'dir');
}
