import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Command, Option } from 'commander';
import { positiveInteger } from './arguments.js';
import { CASE_NAMES, casesOf, loading, runCase } from './pretrained/cases.js';
import type { FolderArguments } from './pretrained/folder.js';
import { SIZES } from './pretrained/models.js';
import { openSystems } from './pretrained/systems.js';
import type { CaseOutcome } from './case.js';
import { documentOf } from './report/document.js';
import { markdown } from './report/markdown.js';
import { describeRun } from './report/report.js';
import { Disagreement } from './timing.js';

interface Options {
  readonly json?: boolean;
  readonly save?: boolean;
  readonly small?: boolean;
  readonly oneThread?: boolean;
  readonly rounds: number;
  readonly case?: readonly string[];
}

const RESULTS = fileURLToPath(new URL('../RESULTS-pretrained.md', import.meta.url));
const FOLDER = fileURLToPath(new URL('pretrained/folder.js', import.meta.url));
const EXIT_DISAGREEMENT = 3;
const EXIT_USAGE = 2;

const program = new Command('bench:pretrained')
  .description(
    "Pretrained models on @heed/backend-wasm and on transformers.js, in turns. A missed target isn't a failure.",
  )
  .option('--json', 'one JSON document on standard output; what people read goes to standard error')
  .option('--save', 'write RESULTS-pretrained.md')
  .option('--small', 'models of two small layers, to see that all runs')
  .option('--one-thread', 'leave out what runs on all threads')
  .addOption(new Option('--rounds <n>', 'rounds of each case').argParser(positiveInteger).default(9))
  .addOption(new Option('--case <name...>', 'only these cases').choices(CASE_NAMES))
  .addHelpText('after', '\nExample:\n  $ pnpm --silent bench:pretrained --case tokens --rounds 5 --json')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE))
  .parse();

const options = program.opts<Options>();
const size = options.small ? 'small' : 'full';
const wanted = options.case ?? CASE_NAMES;

const folder = await mkdtemp(join(tmpdir(), 'heed-pretrained-'));
const outcomes: CaseOutcome[] = [];
try {
  for (const kind of ['decoder', 'encoder'] as const) {
    if (casesOf(kind, wanted).length > 0) outcomes.push(...(await outcomesOf(kind)));
  }
} catch (error) {
  if (!(error instanceof Disagreement)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = EXIT_DISAGREEMENT;
} finally {
  await rm(folder, { recursive: true });
}
if (process.exitCode === undefined) {
  const report = describeRun('bench:pretrained', outcomes, options.rounds);
  const text = markdown(documentOf([report]));
  (options.json ? console.error : console.log)(`\n${text}`);
  if (options.json) console.log(JSON.stringify(report, undefined, 2));
  if (options.save) await writeFile(RESULTS, text);
}

async function outcomesOf(kind: FolderArguments['kind']): Promise<CaseOutcome[]> {
  const to = join(folder, kind);
  console.error(`${kind}: random weights and their ONNX model are written …`);
  await promisify(execFile)(process.execPath, [FOLDER, JSON.stringify({ to, kind, size } satisfies FolderArguments)]);
  console.error(`${kind}: it is loaded …`);
  const { systems, leftOut } = await openSystems({ folder: to, kind }, options.oneThread ? 1 : undefined);
  try {
    const made: CaseOutcome[] = [];
    for (const bench of casesOf(kind, wanted)) {
      console.error(`${bench.name}: ${bench.title} …`);
      made.push(await runCase(bench, systems, SIZES[size][kind].vocabulary, options.rounds));
    }
    return [loading(kind, size, systems, leftOut), ...made];
  } finally {
    for (const system of systems) system.close();
    await rm(to, { recursive: true });
  }
}
