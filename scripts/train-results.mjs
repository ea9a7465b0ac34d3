// `pnpm results:train TASK…`: trains the models of tables in docs/results.md, as docs/results/sweeps says, judges them and keeps their
// reports in docs/results. Runs are in runs/results; those that are finished are only judged.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './steps.mjs';

const MAIN = join(root, 'apps', 'cli', 'dist', 'main.js');
const exec = promisify(execFile);

for (const task of process.argv.slice(2)) {
  // From the root, so that reports have no path of this machine in them.
  const folder = join('runs', 'results', task);
  const file = join('docs', 'results', 'sweeps', `${task}.ts`);
  const sweep = spawn(process.execPath, [MAIN, 'sweep', file, '--out', folder, '--workers', '1'], {
    cwd: root,
    stdio: 'inherit',
  });
  const [code] = await once(sweep, 'close');
  if (code !== 0) process.exit(code ?? 1);
  const { jobs } = JSON.parse(await readFile(join(root, folder, 'sweep.json'), 'utf8'));
  for (const { id, settings, seed } of jobs) {
    const { stdout } = await exec(process.execPath, [MAIN, 'eval', join(folder, 'runs', id), '--json'], {
      cwd: root,
      maxBuffer: 1 << 28,
    });
    await writeFile(join(root, 'docs', 'results', `${task}-${settings.preset}-${seed}.ndjson`), stdout);
  }
}
