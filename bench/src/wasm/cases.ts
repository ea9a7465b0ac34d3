import { ceiling } from './ceiling.js';
import { contest, type Contender, type Standing } from './contest.js';
import type { Engine, Engines } from './engines.js';
import { jaxAttention } from './jax.js';
import { onnxRuntimeNode, onnxRuntimeWeb, type Attend } from './onnx-runtime.js';
import {
  composedAdditive,
  composedDotProduct,
  fusedAdditive,
  fusedDotProduct,
  inputs,
  withGradients,
  type Input,
} from './problems.js';
import { median, medianInterval, rounded } from '../statistics.js';

export interface Target {
  readonly name: string;
  readonly target: number;
  /** 'least': the figure has to be at least the target; 'most': at most. */
  readonly direction: 'least' | 'most';
  readonly unit: string;
  readonly measured: number;
  readonly interval?: readonly [number, number];
  readonly met: boolean;
}

export interface CaseOutcome {
  readonly case: string;
  readonly title: string;
  readonly standings: readonly Standing[];
  readonly targets: readonly Target[];
  /** What didn't take part, and why. */
  readonly leftOut: readonly string[];
  readonly rows?: readonly Readonly<Record<string, number>>[];
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  run(engines: Engines, rounds: number): Promise<CaseOutcome>;
}

const MIB = 2 ** 20;
/** Of the two products. */
const flops = (time: number): number => 4 * 8 * time * time * 64;
const heads = (time: number): number[] => [1, 8, time, 64];
const additive = (batch: number, time: number): number[][] => [
  [batch, time, 128],
  [batch, time, 128],
  [128],
  [batch, time, 256],
];

export const CASES: readonly BenchCase[] = [
  forward('forward', 512),
  forward('forward-t32', 32),
  pair('gradients', 'dot-product attention forward and backward, B1 H8 T512 D64', [...repeat(heads(512), 4)], {
    fused: withGradients(fusedDotProduct as never),
    composed: withGradients(composedDotProduct as never),
    target: 10,
  }),
  pair(
    'additive-gradients',
    'additive attention forward and backward, B64 T20 U128 Dv256',
    [...additive(64, 20), [64, 20, 256]],
    {
      fused: withGradients(fusedAdditive as never),
      composed: withGradients(composedAdditive as never),
      target: 12,
    },
  ),
  memory('additive-memory', 'additive attention, B8 T256 U128 Dv256', additive(8, 256), fusedAdditive as never, {
    outputs: 4 * 8 * 256 * 256,
    most: 64,
  }),
  memory('memory', 'dot-product attention, B1 H8 T16384 D64', repeat(heads(16384), 3), fusedDotProduct as never, {
    outputs: 4 * 8 * 16384 * 64,
    most: 256,
  }),
  sweep(),
];

function repeat(shape: readonly number[], times: number): (readonly number[])[] {
  return Array.from({ length: times }, () => shape);
}

/** Dot-product attention forward on all systems, next to what the processor can do at most. */
function forward(name: string, time: number): BenchCase {
  const title = `dot-product attention forward, B1 H8 T${time} D64`;
  return {
    name,
    title,
    async run(engines, rounds) {
      const problem = inputs(repeat(heads(time), 3));
      const leftOut: string[] = [];
      const contenders = [await engines.heed(1)!('heed-wasm', problem, fusedDotProduct as never)];
      const own: { dispose(): Promise<void> }[] = [...contenders];
      const join = async (system: string, make: () => Promise<Contender> | undefined, reason?: string) => {
        try {
          const contender = await make();
          if (contender === undefined) leftOut.push(`${system}: ${reason}`);
          else contenders.push(contender as (typeof contenders)[number]);
        } catch (error) {
          leftOut.push(`${system}: ${error instanceof Error ? error.message : String(error)}`);
        }
      };
      const onEngine = (system: string, engine: Engine | undefined, compute: unknown) =>
        join(
          system,
          () =>
            engine?.(system, problem, compute as never).then((contender) => {
              own.push(contender);
              return contender;
            }),
          'this machine has no second thread',
        );
      await onEngine('heed-wasm, 2 threads', engines.heed(2), fusedDotProduct);
      await onEngine('tfjs-backend-wasm, composed', engines.plain, composedDotProduct);
      await join('onnxruntime-web', async () => peer('onnxruntime-web', await onnxRuntimeWeb(), problem));
      for (const threads of [1, 2]) {
        const system = `onnxruntime-node (native), ${threads} thread${threads > 1 ? 's' : ''}`;
        await join(system, async () => peer(system, await onnxRuntimeNode(threads), problem));
      }
      await join('jax-js', async () => peer('jax-js', await jaxAttention(), problem));

      const rates: number[] = [];
      const rate = ceiling(engines.simd);
      const standings = await contest(contenders, rounds, () => rates.push(rate()));
      for (const contender of own) await contender.dispose();
      const of = (system: string) => standings.find((standing) => standing.system === system);
      const targets: Target[] = [];
      const web = of('onnxruntime-web');
      if (time === 512) {
        const composed = of('tfjs-backend-wasm, composed')!;
        targets.push(least(`${name}: times tfjs-backend-wasm composed`, 15, composed.ratio, '×', composed.interval));
        if (web) targets.push(least(`${name}: times onnxruntime-web`, 2, web.ratio, '×', web.interval));
        // Of what was measured right after one another.
        const shares = standings[0]!.rounds.map((ms, round) => flops(time) / ms / 1e4 / rates[round]!);
        targets.push(
          least(
            `${name}: share of the ${engines.simd} multiply–add ceiling`,
            75,
            median(shares),
            '%',
            medianInterval(shares),
          ),
        );
        const two = of('heed-wasm, 2 threads');
        if (two) {
          const interval: [number, number] = [1 / two.interval[1], 1 / two.interval[0]];
          targets.push(least(`${name}: two threads`, 1.7, 1 / two.ratio, '×', interval));
        }
      } else if (web) {
        targets.push(least(`${name}: times onnxruntime-web`, 1, web.ratio, '×', web.interval));
      }
      return { case: name, title, standings, targets, leftOut };
    },
  };
}

function peer(name: string, attend: Attend, problem: readonly Input[]): Contender {
  const [query, key, value] = problem as [Input, Input, Input];
  const tensors = { query: query.values, key: key.values, value: value.values };
  return { name, run: async () => [await attend(tensors, [...query.shape])] };
}

/** Heed against TensorFlow.js's ops on the same engine. */
function pair(
  name: string,
  title: string,
  shapes: readonly (readonly number[])[],
  { fused, composed, target }: { fused: unknown; composed: unknown; target: number },
): BenchCase {
  return {
    name,
    title,
    async run(engines, rounds) {
      const problem = inputs(shapes);
      const ours = await engines.heed(1)!('heed-wasm', problem, fused as never);
      const theirs = await engines.plain('tfjs-backend-wasm, composed', problem, composed as never);
      const standings = await contest([ours, theirs], rounds);
      await ours.dispose();
      await theirs.dispose();
      const { ratio, interval } = standings[1]!;
      const targets = [least(`${name}: times tfjs-backend-wasm composed`, target, ratio, '×', interval)];
      return { case: name, title, standings, targets, leftOut: [] };
    },
  };
}

/** How far the heap grows beyond inputs and outputs. */
function memory(
  name: string,
  title: string,
  shapes: readonly (readonly number[])[],
  compute: unknown,
  { outputs, most }: { outputs: number; most: number },
): BenchCase {
  return {
    name,
    title,
    async run(engines) {
      const contender = await engines.heed(1)!('heed-wasm', inputs(shapes), compute as never);
      const before = engines.heapBytes();
      const ms = await once(contender);
      const measured = Math.max(0, engines.heapBytes() - before - outputs) / MIB;
      await contender.dispose();
      const target: Target = {
        name: `${name}: MiB beyond inputs and outputs`,
        target: most,
        direction: 'most',
        unit: 'MiB',
        measured: rounded(measured),
        met: measured <= most,
      };
      return { case: name, title, standings: [], targets: [target], leftOut: [], rows: [{ ms: rounded(ms) }] };
    },
  };
}

/** Time and heap against the number of positions. */
function sweep(): BenchCase {
  return {
    name: 'sweep',
    title: 'dot-product attention forward against T, B1 H8 D64, one thread',
    async run(engines, rounds) {
      const rows: Record<string, number>[] = [];
      for (const time of [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384]) {
        const contender = await engines.heed(1)!('heed-wasm', inputs(repeat(heads(time), 3)), fusedDotProduct as never);
        const before = engines.heapBytes();
        const ms = time > 2048 ? await once(contender) : (await contest([contender], rounds))[0]!.ms;
        const grown = (engines.heapBytes() - before) / MIB;
        await contender.dispose();
        rows.push({
          T: time,
          ms: rounded(ms),
          'GFLOP/s': rounded(flops(time) / ms / 1e6),
          'heap grew, MiB': rounded(grown),
        });
      }
      return { case: 'sweep', title: this.title, standings: [], targets: [], leftOut: [], rows };
    },
  };
}

/** Milliseconds of a single run, for what takes seconds. */
async function once({ run }: Contender): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function least(
  name: string,
  target: number,
  measured: number,
  unit: string,
  interval?: readonly [number, number],
): Target {
  const rest = interval && { interval: interval.map(rounded) as [number, number] };
  return { name, target, direction: 'least', unit, measured: rounded(measured), ...rest, met: measured >= target };
}
