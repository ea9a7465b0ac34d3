// The published packages in what runs JavaScript besides the Node of all other tests: newer Nodes, Bun, Deno with the right to read
// files alone, and what has neither files nor `eval`: Cloudflare's workerd, a module worker and a service worker of a page.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHROMIUM_FLAGS } from '@heed/chromium';
import { serveFolder } from '@heed/chromium/serve';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { tellRan } from '@heed/reports';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packedPackages } from '../../scripts/pack.mjs';
import { withDependencies } from '../../scripts/packages.mjs';
import { executablePath, projectWith } from './project.js';

const exec = promisify(execFile);
const PLATFORM = `${process.platform}-${process.arch}`;

interface Runtime {
  readonly name: string;
  /** Package of the registry with the program for this machine. */
  readonly from: string;
  readonly program: string;
  readonly args?: readonly string[];
}

/** What runs a script with the packages as they are installed. */
const RUNTIMES: readonly Runtime[] = [
  { name: 'Node 22', from: `node-${PLATFORM}@22.23.5`, program: `node-${PLATFORM}/bin/node` },
  { name: 'Node 24', from: `node-${PLATFORM}@24.21.0`, program: `node-${PLATFORM}/bin/node` },
  { name: 'Bun', from: `@oven/bun-${PLATFORM}@1.4.5`, program: `@oven/bun-${PLATFORM}/bin/bun` },
  {
    name: 'Deno',
    from: `@deno/${PLATFORM}${process.platform === 'linux' ? '-glibc' : ''}@2.9.6`,
    program: `@deno/${PLATFORM}${process.platform === 'linux' ? '-glibc' : ''}/deno`,
    args: ['run', '--no-prompt', '--allow-read'],
  },
];

const WORKERD = `@cloudflare/workerd-${PLATFORM.replace('x64', '64')}`;

/** Ops of every kind, forward and backward, against the float64 oracle. */
const GROUPS = ['scale', 'masks', 'heads', 'dropout', 'non-finite'];

const suiteOn = (backends: readonly string[]): string => `
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { runConformance } from '@heed/conformance';
${backends.map((name) => `import { ${name} } from '@heed/backend-${name}';`).join('\n')}
export async function suite() {
  const found = {};
  for (const make of [${backends.join(', ')}]) {
    const { backend, totals } = await runConformance(make(), { groups: ${JSON.stringify(GROUPS)} });
    found[backend] = totals;
  }
  return found;
}`;

interface Totals {
  readonly cases: number;
  readonly passed: number;
}

function expectPassed(found: Readonly<Record<string, Totals>>, backends: readonly string[]): void {
  expect(Object.keys(found)).toEqual(backends);
  for (const { cases, passed } of Object.values(found)) {
    expect(cases).toBeGreaterThan(200);
    expect(passed).toBe(cases);
  }
}

function tellPassed(task: { readonly meta: object }, where: string, found: Readonly<Record<string, Totals>>): void {
  for (const [backend, { cases }] of Object.entries(found)) tellRan(task, { where, backend, cases });
}

let place: string;
let project: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'heed-runtimes-'));
  const names = ['@heed/backend-cpu', '@heed/backend-wasm', '@heed/conformance'];
  const packed = withDependencies(await packedPackages(), names).map(({ tarball }) => tarball);
  project = await projectWith([...packed, '@tensorflow/tfjs@4.22.0'], join(place, 'project'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** Installs a program of the registry; its path. */
async function installed({ from, program }: Pick<Runtime, 'from' | 'program'>): Promise<string> {
  const folder = await projectWith([from], join(place, from.replaceAll(/[@/]/g, '-')));
  return join(folder, 'node_modules', program);
}

describe('with the packages as they are installed', () => {
  test.for(RUNTIMES)('$name: cpu and wasm are right', async (runtime, { task }) => {
    const backends = ['cpu', 'wasm'];
    const file = join(project, 'suite.mjs');
    await writeFile(file, `${suiteOn(backends)}\nconsole.log(JSON.stringify(await suite()));\n`);
    const { stdout } = await exec(await installed(runtime), [...(runtime.args ?? []), file], { cwd: project });
    const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, Totals>;
    expectPassed(found, backends);
    tellPassed(task, runtime.name, found);
  });
});

describe('bundled, without files', () => {
  const bundle = async (source: string, conditions: readonly string[] = []): Promise<string> => {
    const { outputFiles } = await build({
      stdin: { contents: `${suiteOn(['cpu'])}\n${source}`, resolveDir: project },
      bundle: true,
      write: false,
      format: 'esm',
      conditions: [...conditions],
      logLevel: 'silent',
    });
    return outputFiles[0]!.text;
  };

  test('Cloudflare’s workerd, which refuses to run code that it is given as text', async ({ task }) => {
    const source = `
      export default {
        async test() {
          let evaluates = true;
          try { new Function('')(); } catch { evaluates = false; }
          console.log(JSON.stringify({ evaluates, ...(await suite()) }));
        },
      };`;
    await writeFile(join(place, 'worker.js'), await bundle(source, ['workerd', 'worker', 'browser']));
    await writeFile(
      join(place, 'worker.capnp'),
      `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (services = [(name = "main", worker = (
        modules = [(name = "worker", esModule = embed "worker.js")], compatibilityDate = "2026-01-01",
      ))]);`,
    );
    const workerd = await installed({ from: `${WORKERD}@1.20261117.1`, program: `${WORKERD}/bin/workerd` });
    const { stdout, stderr } = await exec(workerd, ['test', join(place, 'worker.capnp')]);
    const line = `${stdout}\n${stderr}`.split('\n').find((one) => one.startsWith('{'))!;
    const { evaluates, ...found } = JSON.parse(line) as { evaluates: boolean } & Record<string, Totals>;
    expect(evaluates).toBe(false);
    expectPassed(found, ['cpu']);
    tellPassed(task, 'workerd', found);
  });

  test.runIf(executablePath !== undefined)('a module worker and a service worker of a page', async ({ task }) => {
    const worker = await bundle('suite().then((found) => postMessage(found));');
    const service = await bundle(
      'addEventListener("message", (event) => event.waitUntil(suite().then((found) => event.source.postMessage(found))));',
    );
    await writeFile(join(place, 'index.html'), '<!doctype html>');
    await writeFile(join(place, 'module-worker.js'), worker);
    await writeFile(join(place, 'service-worker.js'), service);
    const site = await serveFolder(place, '/', false);
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
    try {
      const page = await browser.newPage();
      await page.goto(site.url);
      const found = await page.evaluate(IN_WORKERS);
      for (const [n, where] of ['a module worker', 'a service worker'].entries()) {
        expectPassed(found[n]!, ['cpu']);
        tellPassed(task, where, found[n]!);
      }
    } finally {
      await browser.close();
      await site.close();
    }
  });
});

/** Asks both workers of a page, and gives what they answer. */
async function IN_WORKERS(): Promise<Record<string, Totals>[]> {
  const heard = (from: EventTarget): Promise<Record<string, Totals>> =>
    new Promise((resolve, reject) => {
      from.addEventListener('message', (event) => resolve((event as MessageEvent<Record<string, Totals>>).data));
      from.addEventListener('error', (event) => reject(new Error((event as ErrorEvent).message)));
    });
  const own = await heard(new Worker('module-worker.js', { type: 'module' }));
  const service = navigator.serviceWorker;
  const told = heard(service);
  await service.register('service-worker.js', { type: 'module' });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's takes none
  (await service.ready).active!.postMessage('go');
  service.startMessages();
  return [own, await told];
}
