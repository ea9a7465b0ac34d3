import { runInPage } from '../browser/run-in-page.js';
import { compareOn, type Solver } from '../compare/compare-on.js';
import { findProblem } from '../compare/find-problem.js';
import type { Solved, Work } from '../compare/problem.js';
import { solveOn } from '../compare/solve.js';
import { assertReachable } from '../config/page-reach.js';
import type { ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import { mapFormat } from '../io/map-files.js';
import { mechanismsOf } from '../known.js';
import { UsageError } from '../usage-error.js';
import type { CompareFlags } from './compare-command.js';

export async function compare(host: Host, name: string, flags: CompareFlags): Promise<ExitCode> {
  const { backends = host.backends.here, out } = flags;
  const twice = backends.find((one, n) => backends.indexOf(one) < n);
  if (twice !== undefined) throw new UsageError(`--backends names ${twice} twice`);
  const solvers: Solver[] = [];
  for (const one of backends) {
    const { inPage } = await host.backends.placeOf(one, flags.browser);
    if (inPage) await assertReachable(host, one, name, flags);
    solvers.push(inPage ? solverInPage(host, one, flags) : solverHere(host, one, flags));
  }
  if (out !== undefined) mapFormat(out);
  const problem = await findProblem(host, name, flags);
  return compareOn(host, problem, solvers, { out, width: process.stdout.columns || Infinity });
}

function solverInPage(host: Host, name: string, { browser, debug = false }: CompareFlags): Solver {
  return { name, solve: (work) => runInPage<Solved>(host, 'solve', [name, work], { backend: name, browser, debug }) };
}

function solverHere(host: Host, name: string, { threads }: CompareFlags): Solver {
  const known = { mechanisms: mechanismsOf(host), families: host.brought.families };
  return {
    name,
    solve: async (work: Work) => solveOn(await host.backends.load(name, { threads }), work, known),
  };
}
