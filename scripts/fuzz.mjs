// `pnpm fuzz --backend NAME`: random programs over Heed's public API, held against the oracle (`@heed/conformance/fuzz`). A
// failure is made small and written as a script that reproduces it.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { anywhereFirst, findBackend } from '../packages/backends/dist/index.js';
import { WITH_COMPOSED } from '../packages/backends/dist/composed.js';
import { fuzz } from '../packages/conformance/dist/fuzz/index.js';

const BACKENDS = anywhereFirst(WITH_COMPOSED).filter(({ runsIn }) => runsIn === 'anywhere');
const [FIRST] = BACKENDS;

const HELP = `Random programs over Heed's public API, held against the oracle.

  --backend NAME   ${BACKENDS.map(({ name }) => name).join(', ')} (default: ${FIRST.name})
  --runs N         how many programs (default: 5000)
  --steps N        how many steps a program may have (default: 16)
  --seed N         the same seed gives the same programs (default: from the clock)
  --out FILE       where to write the script that reproduces a failure (default: fuzz-failure.mjs)

Example: pnpm fuzz --backend ${FIRST.name} --runs 20000 --seed 7
`;

const EXIT = { ok: 0, failed: 1, usage: 2, breached: 3 };

class UsageError extends Error {}

async function main() {
  const { backend, runs, steps, seed, out, help } = readFlags();
  if (help) {
    process.stdout.write(HELP);
    return EXIT.ok;
  }
  const factory = await findBackend(backend, BACKENDS).load({});
  const started = performance.now();
  const report = await fuzz(factory, {
    runs,
    maxSteps: steps,
    setup: setupOf(backend),
    ...(seed !== undefined && { seed }),
    onRun: progressSince(started),
  });
  process.stderr.write('\r');
  process.stdout.write(`${summaryOf(report)}, ${seconds(started)} s\n`);
  if (report.failure === undefined) return EXIT.ok;
  await writeFile(out, report.failure.script);
  process.stdout.write(`${report.failure.message}\n${out} reproduces it in ${report.failure.steps} steps\n`);
  return EXIT.breached;
}

function readFlags() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { backend: text, runs: text, steps: text, seed: text, out: text, help: { type: 'boolean' } },
  });
  return {
    backend: values.backend ?? FIRST.name,
    runs: wholeNumber('runs', values.runs ?? '5000'),
    steps: wholeNumber('steps', values.steps ?? '16'),
    seed: values.seed === undefined ? undefined : wholeNumber('seed', values.seed),
    out: values.out ?? 'fuzz-failure.mjs',
    help: values.help ?? false,
  };
}

function wholeNumber(flag, value) {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 0x7fffffff) throw new UsageError(`--${flag} is '${value}', not a whole number`);
  return number;
}

/** How the script that reproduces a failure gets the backend. */
const setupOf = (name) =>
  `import { findBackend } from '@heed/backends';\nimport { WITH_COMPOSED } from '@heed/backends/composed';\n` +
  `const subject = await findBackend('${name}', WITH_COMPOSED).load({});`;

const SHOW_EVERY = 500; // ms

function progressSince(started) {
  let shown = 0;
  return ({ runs, steps }) => {
    if (performance.now() - shown < SHOW_EVERY) return;
    shown = performance.now();
    process.stderr.write(`\r${runs} programs, ${steps} steps, ${seconds(started)} s `);
  };
}

const seconds = (started) => ((performance.now() - started) / 1000).toFixed(0);

const summaryOf = ({ backend, seed, runs, steps, failure }) =>
  `${backend}: ${runs} programs of ${steps} steps passed${failure ? ', one failed' : ''} (--seed ${seed})`;

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage =
    error instanceof UsageError || error.code === 'UNKNOWN_NAME' || error.code?.startsWith('ERR_PARSE_ARGS') === true;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = isUsage ? EXIT.usage : EXIT.failed;
}
