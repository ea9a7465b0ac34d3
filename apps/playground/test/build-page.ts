import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * The tests are of what is served, so it is built first; a test run never sees an old page. In a process of its own, as it would
 * be built by hand: here the mode is 'test'.
 */
export default async function buildPage(): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [`${root}node_modules/vite/bin/vite.js`, 'build'], { cwd: root, env });
}
