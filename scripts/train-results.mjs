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

/** Beams with which a task is judged, where that isn't greedy search alone. */
const BEAMS = { g2p: [1, 4] };

/** Names of settings that tell the jobs of a sweep apart. */
const settingsThatDiffer = (jobs) =>
  Object.keys(jobs[0].settings).filter((key) => new Set(jobs.map(({ settings }) => settings[key])).size > 1);

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
  const named = settingsThatDiffer(jobs);
  for (const { id, settings, seed } of jobs) {
    const name = [task, ...named.map((key) => settings[key]), seed].join('-');
    for (const beam of BEAMS[task] ?? [1]) {
      const command = ['eval', join(folder, 'runs', id), '--json', ...(beam === 1 ? [] : ['--beam', String(beam)])];
      const { stdout } = await exec(process.execPath, [MAIN, ...command], { cwd: root, maxBuffer: 1 << 28 });
      await writeFile(join(root, 'docs', 'results', `${name}${beam === 1 ? '' : `-beam${beam}`}.ndjson`), stdout);
    }
  }
}
