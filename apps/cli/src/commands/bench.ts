import { additiveAttention, dotProductAttention, selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host, Output } from '../host.js';
import { significant } from '../io/numbers.js';
import { differ, difference, timingOf, withSpread, type Timing } from '../timing.js';
import type { BenchFlags } from './bench-command.js';

interface Problem {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly compute: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

/** Times the backends that can run here on the same problems, taking turns. */
export async function bench(host: Host, flags: BenchFlags): Promise<ExitCode> {
  const { output } = host;
  const backends = await openBackends(host, flags);
  if (backends.length === 0) return EXIT.backendUnavailable;
  try {
    for (const problem of problemsOf(flags)) {
      const times = (await takeTurns(output, problem, backends, flags)).map(timingOf);
      const fastest = times.toSorted((a, b) => a.ms - b.ms)[0];
      const lines = backends.map(({ name, capabilities: { simd, threads } }, n) => {
        const time = times[n];
        const { ms, low, high } = time;
        output.event({ event: 'time', problem: problem.name, backend: name, simd, threads, ms, low, high });
        return `  ${name.padEnd(9)} ${withSpread(time).padEnd(26)} ${beside(time, fastest, output)}`;
      });
      output.print([output.paint.bold(problem.name), ...lines].join('\n'));
    }
  } finally {
    for (const backend of backends) await backend.dispose();
  }
  const { batch, heads, length, width, rounds } = flags;
  output.event({ event: 'done', batch, heads, length, width, rounds });
  return EXIT.ok;
}

async function openBackends({ output, backends }: Host, { backend, threads }: BenchFlags): Promise<AttentionBackend[]> {
  const opened: AttentionBackend[] = [];
  for (const name of backend === undefined ? backends.here : [backend]) {
    const factory = await backends.load(name, { threads });
    const reasons = await factory.unavailableReasons();
    if (reasons.length === 0) opened.push(await factory.create());
    else output.note(`${name} can't run here: ${reasons.join('; ')}`);
  }
  return opened;
}

function problemsOf({ batch, heads, length, width }: BenchFlags): Problem[] {
  const dot = [batch, heads, length, width];
  const sequence = [batch, length, width];
  const attention = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor =>
    dotProductAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D).context;
  const size = `B${batch} H${heads} T${length} D${width}`;
  return [
    { name: `dot-product attention, ${size}`, shapes: [dot, dot, dot], compute: attention as Problem['compute'] },
    {
      name: `with gradients, ${size}`,
      shapes: [dot, dot, dot, dot],
      compute: (q, k, v, dContext) => tf.grads(attention as (...x: tf.Tensor[]) => tf.Tensor)([q!, k!, v!], dContext!),
    },
    {
      name: `additive attention, B${batch} T${length} U${width}`,
      shapes: [sequence, sequence, [width], sequence],
      compute: (q, k, u, v) =>
        additiveAttention(q as tf.Tensor3D, k as tf.Tensor3D, u as tf.Tensor1D, v as tf.Tensor3D).context,
    },
  ];
}

/** Milliseconds of each round, for each backend; rounds rotate who is first. */
async function takeTurns(
  output: Output,
  { name, shapes, compute }: Problem,
  backends: readonly AttentionBackend[],
  { rounds, seed }: BenchFlags,
): Promise<number[][]> {
  const times = backends.map((): number[] => []);
  const turns = backends.length * (rounds + 1);
  for (let turn = 0; turn < turns; turn++) {
    const round = Math.floor(turn / backends.length);
    const n = (round + turn) % backends.length;
    await enter(backends[n]);
    const tensors = shapes.map((shape, i) => tf.randomNormal([...shape], 0, 1, 'float32', seed + i));
    const start = performance.now();
    const results = [tf.tidy(() => compute(...tensors))].flat();
    for (const result of results) await result.data(); // an engine may be at work until its result is asked for
    const ms = performance.now() - start;
    if (round > 0) times[n].push(ms); // compilers settle in the first
    tf.dispose([tensors, results]);
    output.progress({ done: turn + 1, total: turns, unit: 'turn', notes: [name] });
  }
  output.endProgress();
  return times;
}

/** Puts a backend in place again that was made before: two of them may be on one engine. */
async function enter(backend: AttentionBackend): Promise<void> {
  const { name } = backend;
  await selectBackend({ name, unavailableReasons: async () => [], create: async () => backend });
}

function beside(time: Timing, fastest: Timing, { paint }: Output): string {
  if (time === fastest) return paint.green('fastest');
  if (differ(time, fastest)) return `${significant(time.ms / fastest.ms, 2)}× the fastest`;
  return difference(time, fastest);
}
