// Common parts of the root scripts: they run one step after another, print which, and stop at the first that fails.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

// A fresh machine has no pnpm; npx gets the version that the lockfile was made with.
const { devEngines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const { name, version } = devEngines.packageManager;
export const PNPM = ['npx', '--yes', `${name}@${version}`];

/** Runs a command and shows its output; resolves to its exit code. */
export function run(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, { cwd, env, stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit' });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(exitCode(code, signal)));
  });
}

/** Announces and runs a step; when it fails, the process ends with its exit code. */
export async function step(title, command, args, options) {
  process.stderr.write(`\n▸ ${title}\n`);
  const code = await run(command, args, options);
  if (code !== 0) fail(title, code);
}

/** Runs a step and prints one line with its time; its output is shown only when it fails. */
export async function quietStep(title, command, args) {
  const started = performance.now();
  process.stderr.write(`▸ ${title} … `);
  const { code, output } = await captured(command, args);
  process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  if (code === 0) return;
  process.stderr.write(`\n${output}`);
  fail(title, code);
}

/** Runs a command and captures both streams, in the order in which they were written. */
function captured(command, args) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: exitCode(code, signal), output }));
  });
}

const start = (command, args, { env, ...options }) =>
  spawn(command, args, {
    ...options,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env },
    shell: process.platform === 'win32',
  });

const exitCode = (code, signal) => (signal === 'SIGINT' ? 130 : (code ?? 1));

function fail(title, code) {
  process.stderr.write(`\n✗ ${title}: exit ${code}\n`);
  process.exit(code);
}

export const pnpm = (title, ...args) => quietStep(title, PNPM[0], [...PNPM.slice(1), ...args]);

export const install = () =>
  pnpm('Installing what the lockfile names', 'install', '--frozen-lockfile', '--prefer-offline');

/**
 * Installs and builds.
 *
 * @param only  a package of the workspace, to be built with the packages that it needs; by default all packages
 */
export async function installAndBuild(only) {
  await install();
  if (only === undefined) await pnpm('Building every package', 'run', 'build');
  else await pnpm(`Building ${only} and what it needs`, 'run', 'build', `--filter=${only}`);
}

/** Leaves an interrupt to the running step, which saves its work and ends; this process waits for it. */
export function leaveInterruptsToSteps() {
  process.on('SIGINT', () => {});
}
