import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Command, InvalidArgumentError, Option } from 'commander';
import { positiveInteger } from './arguments.js';
import type { CaseOutcome } from './case.js';
import { comparable, readBaseline, regressions, type Compared } from './report/baseline.js';
import { documentOf } from './report/document.js';
import { linesOf, ndjson } from './report/lines.js';
import { markdown } from './report/markdown.js';
import { describeRun, type Report } from './report/report.js';
import { save } from './report/save.js';
import { Disagreement } from './timing.js';
import { CASES } from './wasm/cases.js';
import { openEngines } from './wasm/engines.js';

interface Options {
  readonly json?: boolean;
  readonly save?: boolean;
  readonly quick?: boolean;
  readonly rounds: number;
  readonly case?: readonly string[];
  readonly baseline?: string;
  readonly failOn: number;
}

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const EXIT_WORSE = 3;
const EXIT_USAGE = 2;
const NAMES = CASES.map(({ name }) => name);

const program = new Command('bench')
  .description("@heed/backend-wasm against other libraries, side by side in one run. A missed target isn't a failure.")
  .option('--json', 'one JSON object a figure on standard output; what people read goes to standard error')
  .option('--save', 'keep the results of this Node, and write RESULTS.md, RESULTS.html, plots and the baseline of all')
  .addOption(new Option('--rounds <n>', 'rounds of each case').argParser(positiveInteger).default(9))
  .option('--quick', 'two rounds')
  .addOption(new Option('--case <name...>', 'only these cases').choices(NAMES))
  .option(
    '--baseline <file>',
    'compare with an earlier result of --json on the same Node; what is worse is measured again',
  )
  .addOption(
    new Option('--fail-on <share>', 'how much worse, twice, is exit 3').argParser(percentage).default(0.15, '15%'),
  )
  .addHelpText(
    'after',
    '\nExamples:\n  $ pnpm --silent bench --json > before.ndjson\n  $ pnpm bench --baseline before.ndjson --case forward threads',
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE))
  .parse();

const options = program.opts<Options>();
const rounds = options.quick ? 2 : options.rounds;
const print = options.json ? console.error : console.log;
const baseline = options.baseline === undefined ? undefined : await readBaseline(options.baseline).catch(refuse);

// Contexts made from now on have the function `gc`.
setFlagsFromString('--expose-gc');
Object.assign(globalThis, { gc: runInNewContext('gc') });

const engines = await openEngines();
const report = await measure(
  options.case ?? NAMES,
  options.json ? (text) => process.stdout.write(text) : undefined,
).catch(disagree);
print(`\n${markdown(documentOf([report]))}`);
if (options.save) {
  const dropped = await save(FOLDER, report, NAMES);
  if (dropped > 0)
    console.error(`dropped ${dropped} cases that were measured on another machine or with other versions`);
}
const worse = baseline === undefined ? [] : await worseTwice(baseline).catch(disagree);
for (const { now, before } of worse) {
  console.error(`worse than before, twice: ${now.name}: ${now.measured} ${now.unit}, before ${before} ${now.unit}`);
}
await engines.dispose();
process.exit(worse.length > 0 ? EXIT_WORSE : 0);

/** Runs cases, and tells the figures of each when it is done. */
async function measure(names: readonly string[], tell?: (lines: string) => void): Promise<Report> {
  const outcomes: CaseOutcome[] = [];
  for (const bench of CASES.filter(({ name }) => names.includes(name))) {
    console.error(`${bench.name}: ${bench.title} …`);
    const outcome = await bench.run(engines, rounds);
    outcomes.push(outcome);
    tell?.(ndjson(linesOf(describeRun('bench', [outcome], rounds, engines.simd))));
  }
  return describeRun('bench', outcomes, rounds, engines.simd);
}

/** Figures that are worse than the baseline, and are so again: once may be the machine. */
async function worseTwice(baseline: Awaited<ReturnType<typeof readBaseline>>): Promise<Compared[]> {
  const compared = comparable(baseline, linesOf(report));
  if (compared.length === 0)
    refuse(new Error(`the baseline has none of these figures of Node ${process.versions.node}`));
  const once = regressions(compared, options.failOn);
  if (once.length === 0) return [];
  for (const { now, before } of once)
    console.error(`worse than before: ${now.name}: ${now.measured}, before ${before}`);
  const again = await measure([...new Set(once.map(({ now }) => now.case))]);
  const suspects = new Set(once.map(({ now }) => now.name));
  return regressions(comparable(baseline, linesOf(again)), options.failOn).filter(({ now }) => suspects.has(now.name));
}

function disagree(error: unknown): never {
  if (!(error instanceof Disagreement)) throw error;
  console.error(`error: ${error.message}`);
  process.exit(EXIT_WORSE);
}

function refuse(error: Error): never {
  console.error(`error: ${error.message}`);
  process.exit(EXIT_USAGE);
}

function percentage(text: string): number {
  const share = Number(text.replace(/%$/, '')) / 100;
  if (!text.endsWith('%') || !(share > 0)) throw new InvalidArgumentError('a percentage such as 15%.');
  return share;
}
