import { Command, InvalidArgumentError, Option } from 'commander';
import { compare, type BenchCase, type Outcome } from './harness.js';

interface Options {
  readonly json?: boolean;
  readonly rounds?: number;
  readonly case?: string[];
}

/**
 * The command line of a benchmark: runs its cases and prints a line for each as it is done; with --json one object a line
 * on standard output, and the lines for people on standard error. A missed target is a result, not a failure.
 */
export async function runCommand(
  { name, description }: { readonly name: string; readonly description: string },
  prepare: () => Promise<readonly BenchCase[]>,
  caseNames: readonly string[],
  argv: readonly string[] = process.argv,
): Promise<void> {
  const program = new Command(name)
    .description(description)
    .option('--json', 'one JSON object a case on standard output: case, target, measured, met, spread, heedMs, peerMs')
    .addOption(
      new Option('--rounds <n>', 'rounds of each case (default: fewer for slow ones)').argParser(positiveInteger),
    )
    .addOption(new Option('--case <name...>', 'only these cases').choices(caseNames))
    .addHelpText('after', `\nExample:\n  $ pnpm --silent bench:cpu --case mat-mul --rounds 5 --json`)
    .parse(argv);
  const { json = false, rounds, case: wanted } = program.opts<Options>();
  const print = json ? console.error : console.log;

  const cases = (await prepare()).filter((bench) => wanted === undefined || wanted.includes(bench.name));
  for (const bench of cases) {
    print(`${bench.name}: ${bench.title}`);
    const outcome = await compare(bench, rounds);
    print(`  ${summary(outcome)}`);
    if (json) console.log(JSON.stringify(outcome));
  }
}

function summary({ measured, spread, target, met, heedMs, peerMs, rounds }: Outcome): string {
  const verdict = target === null ? '' : met ? ` (target ${target}×: met)` : ` (target ${target}×: MISSED)`;
  return `${measured}× faster${verdict}, ${spread[0]}–${spread[1]}× over ${rounds} rounds; ${heedMs} ms against ${peerMs} ms`;
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number above 0.');
  return value;
}
