import { rounded } from '../statistics.js';
import { Disagreement, checkAgreement } from '../timing.js';
import { contest } from '../contest.js';
import type { BenchCase } from './case.js';
import { eightHeads, flops, inputs } from '../computations.js';
import { HEED, HEED_THREADS, SYSTEMS, openSystems } from './systems.js';
import type { System } from './system.js';

const SIZES = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
const OWN: ReadonlySet<string> = new Set([HEED, HEED_THREADS]);
/** A peer whose run took longer leaves out the next size, which needs four times the time and the memory. */
const PATIENCE = 1500; // ms
/** When a run takes longer, the size is measured by single runs. */
const LONG = 100; // ms

/** Case that measures time against the number of positions: for Heed all of them, for the others as far as they can. */
export function sweep(): BenchCase {
  const title = 'dot-product attention forward against T, B1 H8 D64, milliseconds';
  return {
    name: 'sweep',
    title,
    async run(engines, rounds) {
      const rows: Record<string, number | string>[] = [];
      const left = new Set<string>();
      let names = SYSTEMS;
      for (const time of SIZES) {
        const { systems, leftOut } = await openSystems(names, engines, inputs(eightHeads(time)));
        const { took, failed } = await singleRuns(systems);
        for (const reason of [...leftOut, ...failed.map((reason) => `T ${time}, ${reason}`)]) left.add(reason);
        if (Math.max(...took.values()) < LONG) {
          const able = systems.filter(({ name }) => took.has(name));
          for (const { system, ms } of await contest(able, rounds)) took.set(system, ms);
        }
        for (const system of systems) await system.dispose();
        rows.push({
          T: time,
          ...Object.fromEntries(SYSTEMS.map((name) => [name, took.has(name) ? rounded(took.get(name)!) : '–'])),
          'Heed, GFLOP/s': rounded(flops(time) / took.get(HEED)! / 1e6),
        });
        names = names.filter((name) => OWN.has(name) || (took.get(name) ?? Infinity) < PATIENCE);
      }
      return { case: 'sweep', title, standings: [], figures: [], leftOut: [...left], rows };
    },
  };
}

/** Times in milliseconds of the systems, and names of those that failed: some can't hold the scores of all positions. */
async function singleRuns(systems: readonly System[]): Promise<{ took: Map<string, number>; failed: string[] }> {
  const took = new Map<string, number>();
  const failed: string[] = [];
  let expected: readonly Float32Array[] | undefined;
  for (const { name, enter, run } of systems) {
    await enter?.();
    const start = performance.now();
    try {
      const results = await run();
      took.set(name, performance.now() - start);
      expected ??= results.map((values) => values.slice());
      checkAgreement(name, expected, results);
    } catch (error) {
      if (OWN.has(name) || !(error instanceof Error) || error instanceof Disagreement) throw error;
      failed.push(`${name}: ${error.message.trim().split('\n')[0]}`);
    }
  }
  return { took, failed };
}
