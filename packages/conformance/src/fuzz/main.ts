import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { composed, type BackendFactory } from '@heed/core';
import { fuzz, type FuzzReport } from './fuzz.js';

const HELP = `Random programs over Heed's public API, held against the oracle.

  --backend NAME   cpu, wasm, … or composed, which has no kernels of its own (default: cpu)
  --runs N         how many programs (default: 5000)
  --steps N        how many steps a program may have (default: 16)
  --seed N         the same seed gives the same programs (default: from the clock)
  --out FILE       where to write the script that reproduces a failure (default: fuzz-failure.mjs)

Example: pnpm fuzz --backend cpu --runs 20000 --seed 7
`;

const EXIT = { ok: 0, failed: 1, usage: 2, breached: 3 } as const;

interface Subject {
  readonly factory: BackendFactory;
  /** Source lines with which a script gets the backend. */
  readonly setup: string;
}

async function main(): Promise<number> {
  const { backend, runs, steps, seed, out, help } = readFlags();
  if (help) {
    process.stdout.write(HELP);
    return EXIT.ok;
  }
  const { factory, setup } = await subjectOf(backend);
  const started = performance.now();
  let shown = 0;
  const report = await fuzz(factory, {
    runs,
    maxSteps: steps,
    setup,
    ...(seed !== undefined && { seed }),
    onRun: (done) => {
      if (performance.now() - shown < SHOW_EVERY) return;
      shown = performance.now();
      process.stderr.write(`\r${done.runs} programs, ${done.steps} steps, ${seconds(started)} s `);
    },
  });
  process.stderr.write('\r');
  process.stdout.write(`${summaryOf(report)}, ${seconds(started)} s\n`);
  if (report.failure === undefined) return EXIT.ok;
  await writeFile(out, report.failure.script);
  process.stdout.write(`${report.failure.message}\n${out} reproduces it in ${report.failure.steps} steps\n`);
  return EXIT.breached;
}

const SHOW_EVERY = 500; // ms

const seconds = (started: number): string => ((performance.now() - started) / 1000).toFixed(0);

function summaryOf({ backend, seed, runs, steps, failure }: FuzzReport): string {
  return `${backend}: ${runs} programs of ${steps} steps passed${failure ? ', one failed' : ''} (--seed ${seed})`;
}

function readFlags() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { backend: text, runs: text, steps: text, seed: text, out: text, help: { type: 'boolean' } },
  });
  return {
    backend: values.backend ?? 'cpu',
    runs: wholeNumber('runs', values.runs ?? '5000'),
    steps: wholeNumber('steps', values.steps ?? '16'),
    seed: values.seed === undefined ? undefined : wholeNumber('seed', values.seed),
    out: values.out ?? 'fuzz-failure.mjs',
    help: values.help ?? false,
  };
}

class UsageError extends Error {}

function wholeNumber(flag: string, value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 0x7fffffff) throw new UsageError(`--${flag} is '${value}', not a whole number`);
  return number;
}

async function subjectOf(name: string): Promise<Subject> {
  if (name === 'composed') {
    return {
      factory: composed({ engine: 'cpu', load: () => import('@tensorflow/tfjs-backend-cpu') }),
      setup: "const subject = heed.composed({ engine: 'cpu', load: () => import('@tensorflow/tfjs-backend-cpu') });",
    };
  }
  if (!/^[a-z]+$/.test(name)) throw new UsageError(`--backend is '${name}', not a backend's name`);
  // Backends depend on this package for their tests, so it can't depend on them. They are in folders beside it, in the workspace and
  // in node_modules, and export a factory of their own name.
  const location = new URL(`../../../backend-${name}/dist/index.js`, import.meta.url).href;
  const module = await import(location).catch((cause: unknown) => {
    throw new UsageError(`there is no built @heed/backend-${name} beside @heed/conformance`, { cause });
  });
  const create = (module as Record<string, unknown>)[name] as (() => BackendFactory) | undefined;
  if (typeof create !== 'function') throw new UsageError(`@heed/backend-${name} exports no ${name}()`);
  return { factory: create(), setup: `import { ${name} } from '@heed/backend-${name}';\nconst subject = ${name}();` };
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isUsage ? EXIT.usage : EXIT.failed;
}
