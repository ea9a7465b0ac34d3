// `pnpm choosing [FOLDER]`: trains and judges what docs/guides/choosing.md compares, keeps the figures in docs/results/choosing.json,
// and writes its tables. Runs are in the folder (runs/choosing by default); those that are finished are only judged.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SEEDS, TABLES } from './choosing/plan.mjs';
import { tableOf } from './choosing/table.mjs';
import { root } from './steps.mjs';

const CONFIG = ['--config', join(root, 'scripts', 'choosing', 'heed.config.mjs')];
const KEPT = join(root, 'docs', 'results', 'choosing.json');
const GUIDES = { en: 'choosing.md', zh: 'choosing.zh-CN.md' };
const folder = resolve(process.argv[2] ?? 'runs/choosing');

const exec = promisify(execFile);

/** Last event that a command tells. */
async function heed(...words) {
  const command = [join(root, 'apps', 'cli', 'dist', 'main.js'), ...words, ...CONFIG, '--threads', '1', '--json'];
  const { stdout } = await exec(process.execPath, command, { maxBuffer: 1 << 28 });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1));
}

async function judged({ task, steps, limit }, { name, flags }, seed) {
  const run = join(folder, `${task}-${name}-${seed}`);
  console.log(run);
  await heed('train', task, ...flags, '--steps', `${steps}`, '--seed', `${seed}`, '--out', run, '--resume');
  const { figures, parameters, trainingSeconds } = await heed('eval', run, '--limit', `${limit}`);
  return { seed, parameters, trainingSeconds: Math.round(trainingSeconds), figures };
}

const results = {};
for (const [table, plan] of Object.entries(TABLES)) {
  results[table] = {};
  for (const row of plan.rows) {
    results[table][row.name] = [];
    for (const seed of SEEDS) results[table][row.name].push(await judged(plan, row, seed));
  }
}
await writeFile(KEPT, `${JSON.stringify(results, null, 2)}\n`);
for (const [language, name] of Object.entries(GUIDES)) {
  const file = join(root, 'docs', 'guides', name);
  let text = await readFile(file, 'utf8');
  for (const table of Object.keys(TABLES)) {
    const marked = new RegExp(`(<!-- ${table}: begin[^>]*-->\n)[^]*(<!-- ${table}: end -->)`);
    if (!marked.test(text)) throw new Error(`${file} has lost the markers of '${table}'`);
    text = text.replace(marked, (_, begin, end) => `${begin}\n${tableOf(table, results[table], language)}\n\n${end}`);
  }
  await writeFile(file, text);
}
