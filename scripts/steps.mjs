// What the root scripts share: running one step after another, saying which, and stopping at the first that fails.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

// pnpm isn't on a fresh machine; npx brings the version that the lockfile was made with.
export const PNPM = ['npx', '--yes', 'pnpm@12.21.0'];

/** Runs a command with its output shown, and resolves with its exit code. */
export function run(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env },
      stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
      shell: process.platform === 'win32',
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal === 'SIGINT' ? 130 : (code ?? 1)));
  });
}

/** Announces a step and ends the process with the step's exit code when it fails. */
export async function step(title, command, args, options) {
  process.stderr.write(`\n▸ ${title}\n`);
  const started = performance.now();
  const code = await run(command, args, options);
  if (code !== 0) {
    process.stderr.write(`\n✗ ${title}: exit ${code}\n`);
    process.exit(code);
  }
  process.stderr.write(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

export const pnpm = (title, ...args) => step(title, PNPM[0], [...PNPM.slice(1), ...args]);

export async function installAndBuild() {
  await pnpm('Installing what the lockfile names', 'install', '--frozen-lockfile', '--prefer-offline');
  await pnpm('Building every package', 'run', 'build');
}

/** An interrupt goes to the running step, which saves and ends; this process waits for it. */
export function leaveInterruptsToSteps() {
  process.on('SIGINT', () => {});
}
