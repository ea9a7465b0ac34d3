import { Command, Option } from 'commander';
import { positiveInteger } from './arguments.js';
import type { Outcome } from './harness.js';
import { Disagreement } from './timing.js';

interface Options {
  readonly json?: boolean;
  readonly save?: boolean;
  readonly rounds?: number;
  readonly case?: string[];
}

export interface Benchmark<Result extends Outcome> {
  readonly name: string;
  readonly description: string;
  readonly caseNames: readonly string[];
  /** Prepares the cases; called after the arguments were checked. */
  open(): Promise<{ readonly cases: readonly RunnableCase<Result>[]; close?(): Promise<void> }>;
  /** Writes the results for --save; a benchmark without it has no such option. */
  save?(results: readonly Result[]): Promise<void>;
}

interface RunnableCase<Result extends Outcome> {
  readonly name: string;
  /** Title for people: the computation and its shapes. */
  readonly title: string;
  /** Runs the case. @param rounds number of rounds; by default the case's own */
  run(rounds?: number): Promise<Result>;
}

const EXIT_USAGE = 2;
const EXIT_DISAGREEMENT = 3;

/**
 * Command line of a benchmark: runs its cases and prints a line for each when it is done. With --json, standard output has one
 * object on each line, and the lines for people go to standard error. A missed target is a result, not an error.
 */
export async function runCommand<Result extends Outcome>(
  { name, description, caseNames, open, save }: Benchmark<Result>,
  argv: readonly string[] = process.argv,
): Promise<void> {
  const program = new Command(name)
    .description(description)
    .option('--json', 'one JSON object a case on standard output: case, target, measured, met, spread, heedMs, peerMs')
    .addOption(
      new Option('--rounds <n>', 'rounds of each case (default: fewer for slow ones)').argParser(positiveInteger),
    )
    .addOption(new Option('--case <name...>', 'only these cases').choices(caseNames))
    .addHelpText('after', `\nExample:\n  $ pnpm --silent ${name} --case ${caseNames[0]} --rounds 5 --json`)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));
  if (save) program.option('--save', 'keep the results beside those of the other benchmarks');
  program.parse(argv);
  const options = program.opts<Options>();
  const print = options.json ? console.error : console.log;

  const results: Result[] = [];
  const { cases, close } = await open();
  try {
    for (const bench of cases) {
      if (options.case !== undefined && !options.case.includes(bench.name)) continue;
      print(`${bench.name}: ${bench.title}`);
      const result = await bench.run(options.rounds);
      results.push(result);
      print(`  ${summary(result)}`);
      if (options.json) console.log(JSON.stringify(result));
    }
    if (options.save) await save?.(results);
  } catch (error) {
    if (!(error instanceof Disagreement)) throw error;
    console.error(`error: ${error.message}`);
    process.exitCode = EXIT_DISAGREEMENT;
  } finally {
    await close?.();
  }
}

function summary({ measured, spread, target, met, heedMs, peerMs, peer, rounds }: Outcome): string {
  const verdict = target === null ? '' : met ? ` (target ${target}×: met)` : ` (target ${target}×: MISSED)`;
  const against = peer === undefined ? `${peerMs} ms` : `${peerMs} ms of ${peer}`;
  return `${measured}× as fast${verdict}, ${spread[0]}–${spread[1]}× over ${rounds} rounds; ${heedMs} ms against ${against}`;
}
