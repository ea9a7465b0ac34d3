import { deviationsOf, differencesBetween, shareOf } from '@heed/conformance';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import { drawDifferences } from './draw-differences.js';
import type { CompareSettings, Held } from './held.js';
import type { Problem, Solved, Work } from './problem.js';
import { short, table, type Column } from './table.js';

/** A backend that can be given work, wherever it runs. */
export interface Solver {
  readonly name: string;
  readonly solve: (work: Work) => Promise<Solved>;
}

/** Gives all of them the problem, and tells how far they are from what is expected and from each other. */
export async function compareOn(
  host: Host,
  problem: Problem,
  solvers: readonly Solver[],
  settings: CompareSettings,
): Promise<ExitCode> {
  const { output } = host;
  const { title, against, allowed, expected, work } = problem;
  output.event({ event: 'problem', title, against, allowed, backends: solvers.map(({ name }) => name) });
  output.print(`${output.paint.bold(title)}\nheld against ${against};\nallowed: ${allowed}\n\n`);
  const held: Held[] = [];
  for (const [n, { name, solve }] of solvers.entries()) {
    output.progress({ done: n, total: solvers.length, unit: 'backend', notes: [name] });
    const solved = await solve(work);
    held.push({ ...solved, deviations: deviationsOf(solved, expected) });
  }
  output.endProgress();

  tellDeviations(host, held, settings);
  tellPairs(host, held, settings);
  await drawDifferences(host, held, problem, settings);
  return tellVerdict(host, held);
}

function tellDeviations({ output }: Host, held: readonly Held[], { width }: CompareSettings): void {
  for (const { backend, path, numbers, deviations } of held) {
    for (const { ulp: _, ...deviation } of deviations) {
      const { shape } = numbers[deviation.output];
      output.event({ event: 'difference', backend, against: 'reference', ...(path && { path }), shape, ...deviation });
    }
  }
  const columns = held.map(({ backend, path, deviations }): Column => ({
    heading: path === undefined ? backend : `${backend} (${path})`,
    cells: deviations,
  }));
  output.print(`${output.paint.underline('from the reference')}\n${table(columns, output.paint, width)}`);
}

function tellPairs({ output }: Host, held: readonly Held[], { width }: CompareSettings): void {
  const columns = held.flatMap((one, n) =>
    held.slice(n + 1).map((other): Column => {
      const cells = differencesBetween(one, other, one.deviations);
      for (const difference of cells) {
        const { shape } = one.numbers[difference.output];
        output.event({ event: 'difference', backend: one.backend, against: other.backend, shape, ...difference });
      }
      return { heading: `${one.backend} – ${other.backend}`, cells };
    }),
  );
  if (columns.length === 0) return;
  output.print(`\n${output.paint.underline('from each other')}\n${table(columns, output.paint, width)}`);
}

function tellVerdict({ output }: Host, held: readonly Held[]): ExitCode {
  const all = held.flatMap(({ backend, deviations }) => deviations.map((deviation) => ({ backend, ...deviation })));
  const failed = all
    .filter(({ passed }) => !passed)
    .map(({ backend, output, ulps, allowedUlps }) => ({ backend, output, ulps, allowedUlps }));
  const { backend, output: worst, ulps, allowedUlps } = all.toSorted((a, b) => shareOf(b) - shareOf(a))[0];
  output.event({
    event: 'done',
    passed: failed.length === 0,
    failed,
    worst: { backend, output: worst, ulps, allowedUlps },
  });
  const { paint } = output;
  const furthest = `${backend}, ${worst}: ${short(ulps)} spacings of ${short(allowedUlps)} allowed`;
  if (failed.length === 0) {
    output.print(`\n${paint.green(`${held.map((one) => one.backend).join(', ')} agree`)}; furthest off is ${furthest}`);
    return EXIT.ok;
  }
  const outputs = `${failed.length} of ${all.length} outputs ${failed.length === 1 ? 'is' : 'are'} past what is allowed`;
  output.print(`\n${paint.red(outputs)}; furthest off is ${furthest}`);
  return EXIT.toleranceBreached;
}
