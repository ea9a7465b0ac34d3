import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PNPM } from '../../../scripts/steps.mjs';
import { ROOT } from '../build/sources.js';

/**
 * Builds the site, of which the tests are; where nothing has changed it is there already. In a process of its own, as it would be built
 * by hand: here the mode is 'test'.
 */
export default async function buildSite(): Promise<void> {
  const [command, ...args] = PNPM;
  await promisify(execFile)(command!, [...args, 'run', 'site:build'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
    shell: process.platform === 'win32',
    maxBuffer: 64 * 2 ** 20,
  });
}
