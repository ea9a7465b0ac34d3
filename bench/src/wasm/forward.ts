import { median, medianInterval, rounded } from '../statistics.js';
import { atLeast, type BenchCase, type Target } from './case.js';
import { ceiling, scaling } from './ceiling.js';
import { contest } from '../contest.js';
import { eightHeads, flops, inputs } from '../computations.js';
import { COMPOSED, HEED_THREADS, ONNX_RUNTIME_WEB, SYSTEMS, openSystems } from './systems.js';

/** Least number of positions of a large case. In smaller ones the cost of a call dominates, and another peer is the one to beat. */
const LARGE = 512;

/** Case of dot-product attention forward on all systems, compared with the greatest speed of the processor. */
export function forward(name: string, time: number): BenchCase {
  const title = `dot-product attention forward, B1 H8 T${time} D64`;
  return {
    name,
    title,
    async run(engines, rounds) {
      const { systems, leftOut } = await openSystems(SYSTEMS, engines, inputs(eightHeads(time)));
      const rates: number[] = [];
      const rate = ceiling(engines.simd);
      const twoCores = scaling(engines.simd);
      const gains: number[] = [];
      const standings = await contest(systems, rounds, () => {
        rates.push(rate());
        gains.push(twoCores.measure());
      });
      twoCores.dispose();
      for (const system of systems) await system.dispose();

      const of = (system: string) => standings.find((standing) => standing.system === system);
      const targets: Target[] = [];
      const web = of(ONNX_RUNTIME_WEB);
      if (web) {
        const wanted = time < LARGE ? 1 : 2;
        targets.push(atLeast(`${name}: times onnxruntime-web`, wanted, web.ratio, '×', web.interval));
      }
      if (time >= LARGE) {
        const composed = of(COMPOSED)!;
        targets.push(atLeast(`${name}: times tfjs-backend-wasm composed`, 15, composed.ratio, '×', composed.interval));
        // Each share is of two measurements right after each other.
        const shares = standings[0].rounds.map((ms, round) => flops(time) / ms / 1e4 / rates[round]);
        const share = `${name}: share of the ${engines.simd} multiply–add ceiling`;
        targets.push(atLeast(share, 75, median(shares), '%', medianInterval(shares)));
        const two = of(HEED_THREADS);
        if (two) {
          const interval: [number, number] = [1 / two.interval[1], 1 / two.interval[0]];
          targets.push(atLeast(`${name}: two threads`, 1.7, 1 / two.ratio, '×', interval));
        }
      }
      const rows = [
        {
          'register-only multiply–add loop': engines.simd,
          'GFLOP/s, one thread': rounded(median(rates)),
          'two threads, times one': `${rounded(median(gains))} (${rounded(Math.min(...gains))}–${rounded(Math.max(...gains))})`,
        },
      ];
      return { case: name, title, standings, targets, leftOut, rows };
    },
  };
}
