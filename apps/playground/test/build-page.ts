import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PNPM } from '../../../scripts/steps.mjs';

/**
 * Builds the page, of which the tests are; where nothing has changed it is there already. In a process of its own, as it would be built
 * by hand: here the mode is 'test'.
 */
export default async function buildPage(): Promise<void> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const [command, ...args] = PNPM;
  await promisify(execFile)(command!, [...args, 'run', 'playground:build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    shell: process.platform === 'win32',
  });
}
