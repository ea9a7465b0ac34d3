import { median, rounded } from '../statistics.js';
import { contest, ratiosOf } from '../contest.js';
import { atLeast, type Figure } from '../figure.js';
import { eightHeads, flops, inputs } from '../computations.js';
import type { BenchCase } from './case.js';
import { ceiling } from './ceiling.js';
import { COMPOSED, HEED_SIMD, ONNX_RUNTIME_WEB, SYSTEMS, openSystems } from './systems.js';

/** Least number of positions of a large case. In smaller ones the cost of a call dominates, and another peer is the one to beat. */
const LARGE = 512;

/** What a large case has to reach, by the build of Heed's kernels. */
const WANTED = {
  simd: { timesWeb: 2, share: 75 },
  relaxed: { timesWeb: 2.5, share: 85 },
} as const;

/** Case of dot-product attention forward on all systems, compared with the greatest speed of the processor. */
export const forward = (name: string, time: number): BenchCase => against(name, time, SYSTEMS);

/** The same of the build of Heed's kernels that every machine runs. */
export const forwardSimd = (name: string, time: number): BenchCase =>
  against(name, time, [HEED_SIMD, COMPOSED, ONNX_RUNTIME_WEB]);

function against(name: string, time: number, names: readonly string[]): BenchCase {
  const title = `dot-product attention forward, B1 H8 T${time} D64`;
  return {
    name,
    title,
    async run(engines, rounds) {
      const simd = names[0] === HEED_SIMD ? 'simd' : engines.simd;
      const { systems, leftOut } = await openSystems(names, engines, inputs(eightHeads(time)));
      const rates: number[] = [];
      const rate = ceiling(simd);
      const standings = await contest(systems, rounds, () => void rates.push(rate()));
      for (const system of systems) await system.dispose();

      const [heed] = standings;
      const of = (system: string) => standings.find((standing) => standing.system === system);
      const wanted = time < LARGE ? undefined : WANTED[simd];
      const figures: Figure[] = [];
      const web = of(ONNX_RUNTIME_WEB);
      if (web) figures.push(atLeast(`${name}: times ${web.system}`, wanted?.timesWeb ?? 1, ratiosOf(web, heed), '×'));
      if (wanted) {
        figures.push(atLeast(`${name}: times ${COMPOSED}`, 15, ratiosOf(of(COMPOSED)!, heed), '×'));
        // Each share is of two measurements right after each other.
        const shares = heed.rounds.map((ms, round) => flops(time) / ms / 1e4 / rates[round]);
        figures.push(atLeast(`${name}: share of the ${simd} multiply–add ceiling`, wanted.share, shares, '%'));
      }
      const rows = [{ 'register-only multiply–add loop': simd, 'GFLOP/s, one thread': rounded(median(rates)) }];
      return { case: name, title, standings, figures, leftOut, rows };
    },
  };
}
