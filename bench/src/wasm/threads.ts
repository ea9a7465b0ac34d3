import { median, rounded } from '../statistics.js';
import { contest, ratiosOf } from '../contest.js';
import { atLeast } from '../figure.js';
import { eightHeads, inputs } from '../computations.js';
import type { BenchCase } from './case.js';
import { scaling } from './ceiling.js';
import { HEED, HEED_THREADS, openSystems } from './systems.js';

const TIME = 512;
/** Least share of what a second thread brings a loop that only multiplies and adds registers. */
const SHARE = 0.9;

/** Case of what a second thread brings, against what it brings at most in the same round, on cores that others may be using. */
export function threads(): BenchCase {
  const title = `dot-product attention forward on two threads, B1 H8 T${TIME} D64, against a register-only loop on two`;
  return {
    name: 'threads',
    title,
    async run(engines, rounds) {
      const { systems, leftOut } = await openSystems([HEED, HEED_THREADS], engines, inputs(eightHeads(TIME)));
      const gains: number[] = [];
      const loop = scaling(engines.simd);
      const standings = await contest(systems, rounds, () => void gains.push(loop.measure()));
      loop.dispose();
      for (const system of systems) await system.dispose();
      const [one, two] = standings;
      if (two === undefined) return { case: 'threads', title, standings, figures: [], leftOut };
      const own = ratiosOf(one, two);
      const figures = [
        atLeast(
          "threads: share of the loop's gain",
          SHARE,
          own.map((gain, round) => gain / gains[round]),
          '×',
        ),
        atLeast('threads: gain of two threads', null, own, '×'),
      ];
      const rows = [
        { 'register-only multiply–add loop': engines.simd, 'two threads, times one': rounded(median(gains)) },
      ];
      return { case: 'threads', title, standings, figures, leftOut, rows };
    },
  };
}
