import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { positiveInteger } from './arguments.js';
import { readBaseline, regressions } from './wasm/baseline.js';
import type { CaseOutcome } from './wasm/case.js';
import { CASES } from './wasm/cases.js';
import { Disagreement } from './timing.js';
import { openEngines } from './wasm/engines.js';
import { describeRun, markdown } from './wasm/report.js';

interface Options {
  readonly json?: boolean;
  readonly save?: boolean;
  readonly quick?: boolean;
  readonly rounds: number;
  readonly case?: readonly string[];
  readonly baseline?: string;
  readonly failOn: number;
}

const RESULTS = fileURLToPath(new URL('../RESULTS.md', import.meta.url));
const EXIT_WORSE = 3;
const EXIT_USAGE = 2;

const program = new Command('bench')
  .description("@heed/backend-wasm against other libraries, side by side in one run. A missed target isn't a failure.")
  .option('--json', 'one JSON document on standard output; what people read goes to standard error')
  .option('--save', 'write RESULTS.md')
  .addOption(new Option('--rounds <n>', 'rounds of each case').argParser(positiveInteger).default(9))
  .option('--quick', 'two rounds')
  .addOption(new Option('--case <name...>', 'only these cases').choices(CASES.map(({ name }) => name)))
  .option('--baseline <file>', 'compare with an earlier result of --json')
  .addOption(new Option('--fail-on <share>', 'how much worse is exit 3').argParser(percentage).default(0.15, '15%'))
  .addHelpText(
    'after',
    '\nExample:\n  $ pnpm --silent bench --json > before.json\n  $ pnpm bench --baseline before.json',
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE))
  .parse();

const options = program.opts<Options>();
const rounds = options.quick ? 2 : options.rounds;
const baseline =
  options.baseline === undefined
    ? undefined
    : await readBaseline(options.baseline).catch((error: Error) => {
        console.error(`error: ${error.message}`);
        process.exit(EXIT_USAGE);
      });

const engines = await openEngines();
const outcomes: CaseOutcome[] = [];
try {
  for (const bench of CASES) {
    if (options.case !== undefined && !options.case.includes(bench.name)) continue;
    console.error(`${bench.name}: ${bench.title} …`);
    outcomes.push(await bench.run(engines, rounds));
  }
} catch (error) {
  if (!(error instanceof Disagreement)) throw error;
  console.error(`error: ${error.message}`);
  process.exit(EXIT_WORSE);
}
const report = describeRun('bench', outcomes, rounds, engines.simd);
await engines.dispose();

(options.json ? console.error : console.log)(`\n${markdown(report)}`);
if (options.json) console.log(JSON.stringify(report, undefined, 2));
if (options.save) await writeFile(RESULTS, markdown(report));
const worse = baseline === undefined ? [] : regressions(baseline, report.targets, options.failOn);
for (const line of worse) console.error(`worse than before: ${line}`);
process.exit(worse.length > 0 ? EXIT_WORSE : 0);

function percentage(text: string): number {
  const share = Number(text.replace(/%$/, '')) / 100;
  if (!text.endsWith('%') || !(share > 0)) throw new InvalidArgumentError('a percentage such as 15%.');
  return share;
}
