import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The guides "How to add a mechanism" and "How to add an op" of CONTRIBUTING, followed to the letter in a copy of the packages: what they
// don't name need not be touched.

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const TIMEOUT = 120_000;

describe('how to add a mechanism', () => {
  const workspace = useWorkspace(['attention']);

  it('a definition and two lists are all', { timeout: TIMEOUT }, async () => {
    const { copy, insert, run, touched } = workspace('attention');
    await copy('mechanisms/dot.ts', 'mechanisms/halved.ts', [
      ["'dot'", "'halved'"],
      ['dotDefinition', 'halvedDefinition'],
      ['function dot(', 'function halved('],
      ['Dot', 'Halved'],
      ["title: 'HalvedProduct", "title: 'Halved product"],
      ['scale: 1', 'scale: 0.5'],
    ]);
    await insert(
      'mechanisms.ts',
      'import { multiHeadDefinition }',
      "import { halvedDefinition } from './mechanisms/halved.js';\n",
    );
    await insert('mechanisms.ts', '  multiHeadDefinition,\n', '  halvedDefinition,\n');
    await insert(
      'index.ts',
      'export { dot,',
      "export { halved, type HalvedConfig, type HalvedOptions } from './mechanisms/halved.js';\n",
    );

    await run(tsc, '-p', '.');
    await run('scripts/write-facts.mjs');
    const found = await run(
      '--input-type=module',
      '--eval',
      `import * as attention from './dist/index.js';
       import { MECHANISM_FACTS } from './dist/facts.js';
       const { kind } = attention.createMechanism({ kind: 'halved', width: 3 }).config();
       console.log(kind, MECHANISM_FACTS.map((one) => one.kind).includes(kind), attention.costOfMechanism({ kind, width: 3 }, { calls: 1, batch: 1, queries: 2, keys: 2 }).parameters);`,
    );
    expect(found).toBe('halved true 0\n');
    expect(touched()).toEqual(['src/index.ts', 'src/mechanisms.ts', 'src/mechanisms/halved.ts']);

    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const { testResults, success } = JSON.parse(
      await run(vitest, 'run', '--root', '.', '--reporter=json', 'src/mechanisms.test.ts'),
    ) as Results;
    const titles = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ fullName }) => fullName));
    expect([success, titles.filter((title) => title.startsWith('halved ')).length]).toEqual([
      true,
      titles.filter((title) => title.startsWith('dot ')).length,
    ]);
  });
});

describe('how to add an op', () => {
  const workspace = useWorkspace(['core', 'conformance']);

  it('its folder, its entries, its formula and its cases are all', { timeout: TIMEOUT }, async () => {
    const core = workspace('core');
    const names: Renaming = [
      ['additive', 'echo'],
      ['Additive', 'Echo'],
    ];
    for (const file of ['spec', 'composed', 'call'])
      await core.copy(`ops/additive-attention/${file}.ts`, `ops/echo-attention/${file}.ts`, names);
    await core.insert(
      'ops/table.ts',
      'import { weightedSpec }',
      "import { echoSpec } from './echo-attention/spec.js';\n",
    );
    await core.insert('ops/table.ts', 'weightedSpec, ', 'echoSpec, ');
    await core.insert(
      'ops/calls.ts',
      'import type { Prepared }',
      "import { prepareEchoCall } from './echo-attention/call.js';\n",
    );
    await core.insert('ops/calls.ts', '  weightedContext:', '  echoAttention: prepareEchoCall,\n');
    await core.insert('index.ts', 'export { pathOf', "export { echoAttention } from './ops/echo-attention/call.js';\n");
    await core.run(tsc, '-p', '.');
    expect(core.touched()).toEqual([
      'src/index.ts',
      'src/ops/calls.ts',
      'src/ops/echo-attention/call.ts',
      'src/ops/echo-attention/composed.ts',
      'src/ops/echo-attention/spec.ts',
      'src/ops/table.ts',
    ]);

    const suite = workspace('conformance');
    await suite.copy('oracle/additive.ts', 'oracle/echo.ts', names);
    await suite.copy('ops/additive.ts', 'ops/echo.ts', names);
    await suite.insert('ops/table.ts', 'import { testedWeighted', "import { testedEcho } from './echo.js';\n");
    await suite.insert('ops/table.ts', '  weightedContext:', '  echoAttention: testedEcho,\n');
    await suite.insert(
      'fuzz/fit-ops.ts',
      'export const FIT_OPS',
      "const echo = { ...additive, bare: (draft: Draft): Example => ({ ...additive.bare(draft), op: 'echoAttention' }) };\n\n",
    );
    await suite.insert('fuzz/fit-ops.ts', '  weightedContext:', '  echoAttention: echo,\n');
    await suite.insert('case.ts', '  normalizers: `', "  echo: 'an op that a test added',\n");
    await suite.write(
      'cases/echo.ts',
      `import { agreement, type AgreementCase } from '../case.js';
       import { ALL_OUTPUTS } from '../examples.js';
       import { examplesOf } from '../ops/define.js';
       import { testedEcho } from '../ops/echo.js';
       const example = examplesOf(testedEcho);
       export const echo: readonly AgreementCase[] = [
         agreement('echo', 'base', example({ outputs: ALL_OUTPUTS })),
         agreement('echo', 'causal', example({ queries: 6, keys: 6, causal: true })),
         agreement('echo', 'no-keys', example({ keys: 0, outputs: ALL_OUTPUTS })),
       ];`,
    );
    await suite.insert('cases/index.ts', 'import { empty }', "import { echo } from './echo.js';\n");
    await suite.insert('cases/index.ts', '  ...normalizers,\n', '  ...echo,\n');
    await suite.run(tsc, '-p', '.');

    const told = await suite.run(
      '--input-type=module',
      '--eval',
      `import '@tensorflow/tfjs-backend-cpu';
       import { composed } from '@heed/core';
       import { runConformance } from './dist/index.js';
       const { totals, cases } = await runConformance(composed({ engine: 'cpu' }), { groups: ['echo', 'manifest'] });
       console.log(JSON.stringify([totals.failed, cases.filter(({ id, outputs }) => id.startsWith('echo/') && outputs.length > 4).length]));`,
    );
    expect(JSON.parse(told)).toEqual([0, 3]);
  });
});

interface Results {
  readonly success: boolean;
  readonly testResults: readonly { readonly assertionResults: readonly { readonly fullName: string }[] }[];
}

type Renaming = readonly (readonly [from: string, to: string])[];

/** A copy of packages that others are linked beside, for the time of a describe block; gives what can be done in one of them. */
function useWorkspace(copied: readonly string[]) {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heed-how-to-add-'));
    await cp(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
    for (const name of await readdir(join(root, 'packages'))) {
      const [from, to] = [join(root, 'packages', name), join(folder, 'packages', name)];
      if (!copied.includes(name)) await linkTo(from, to);
      else for (const entry of await readdir(from)) await place(join(from, entry), join(to, entry), entry);
    }
    // The copies see each other.
    for (const one of copied)
      for (const other of copied) {
        const link = join(folder, 'packages', one, 'node_modules', '@heed', other);
        if (one === other || !(await names(dirname(link))).includes(other)) continue;
        await rm(link);
        await linkTo(join(folder, 'packages', other), link);
      }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  return (name: string) => {
    const packageFolder = join(folder, 'packages', name);
    const files = new Set<string>();
    const at = (file: string): string => (files.add(`src/${file}`), join(packageFolder, 'src', file));
    const write = async (file: string, text: string): Promise<void> => {
      await mkdir(dirname(at(file)), { recursive: true });
      await writeFile(at(file), text);
    };
    return {
      write,
      /** Writes a file that is another one with other names. */
      async copy(from: string, to: string, renaming: Renaming): Promise<void> {
        const text = await readFile(join(packageFolder, 'src', from), 'utf8');
        await write(
          to,
          renaming.reduce((now, [before, after]) => now.replaceAll(before, after), text),
        );
      },
      /** Inserts text before the first place of another one, which must be there. */
      async insert(file: string, before: string, text: string): Promise<void> {
        const now = await readFile(at(file), 'utf8');
        expect(now, `${file} has "${before}"`).toContain(before);
        await write(file, now.replace(before, `${text}${before}`));
      },
      /** Runs Node in the package's folder; its output. */
      async run(...args: readonly string[]): Promise<string> {
        const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
        try {
          return (await promisify(execFile)(process.execPath, args, { cwd: packageFolder, env, maxBuffer: 2 ** 26 }))
            .stdout;
        } catch (error) {
          const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
          throw new Error(`${stdout}\n${stderr}`, { cause: error });
        }
      },
      touched: (): string[] => [...files].toSorted(),
    };
  };
}

/** Puts what a package has into its copy: links of its modules, and all but what was built of it. */
async function place(from: string, to: string, entry: string): Promise<void> {
  if (entry === 'dist') return;
  if (entry !== 'node_modules') return cp(from, to, { recursive: true });
  for (const name of await names(from)) {
    const scoped = name.startsWith('@') ? (await readdir(join(from, name))).map((one) => join(name, one)) : [name];
    for (const one of scoped) await linkTo(join(from, one), join(to, one));
  }
}

const names = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.'));

async function linkTo(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, 'dir');
}
