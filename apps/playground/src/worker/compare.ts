import { additiveAttention, dotProductAttention, explain, selectBackend, type Call } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  BACKENDS,
  type BackendName,
  type CompareAnswer,
  type CompareProblem,
  type CompareRow,
} from '../engine/jobs.js';
import { differenceOf } from './difference.js';
import { factoryOf, leaveBackend } from './session.js';
import { normals } from './normals.js';

type Outputs = Readonly<Record<string, Float32Array>>;

/** Runs that are timed, after one that warms up. */
const RUNS = 3;

/** The same problem on every backend that can run here. */
export async function compare(
  problem: CompareProblem,
  report: (progress: { done: number; total: number; backend: BackendName }) => void,
  signal: AbortSignal,
): Promise<CompareAnswer> {
  await leaveBackend();
  const arrays = inputsOf(problem);
  const rows: CompareRow[] = [];
  const outputs = new Map<BackendName, Outputs>();
  for (const [done, backend] of BACKENDS.entries()) {
    signal.throwIfAborted();
    report({ done, total: BACKENDS.length, backend });
    const row = await runOn(backend, problem, arrays, signal);
    rows.push(row.row);
    if (row.outputs !== undefined) outputs.set(backend, row.outputs);
  }
  const names = [...outputs.keys()];
  const pairs = names.flatMap((a, n) =>
    names.slice(n + 1).map((b) => {
      const [from, to] = [outputs.get(a)!, outputs.get(b)!];
      const differences = Object.keys(from).map((output) => differenceOf(output, from[output]!, to[output]!));
      return { a, b, differences };
    }),
  );
  return { rows, pairs };
}

async function runOn(
  backend: BackendName,
  problem: CompareProblem,
  arrays: Inputs,
  signal: AbortSignal,
): Promise<{ row: CompareRow; outputs?: Outputs }> {
  const weights = { shape: [0, 0], data: new Float32Array(0) };
  const none = { backend, ms: 0, path: 'empty', weights } as const;
  const factory = await factoryOf(backend);
  const reasons = await factory.unavailableReasons();
  if (reasons.length > 0) return { row: { ...none, unavailable: reasons.join('; ') } };
  const selected = await selectBackend(factory);
  const tensors = arrays.map(({ shape, data }) => tf.tensor(data, [...shape]));
  try {
    const { path } = explain(callOf(problem, tensors));
    let outputs: Outputs = {};
    const times: number[] = [];
    for (let run = 0; run <= RUNS; run++) {
      signal.throwIfAborted();
      const started = performance.now();
      outputs = await runOnce(problem, tensors);
      if (run > 0) times.push(performance.now() - started);
    }
    const { length } = problem;
    const first = { shape: [length, length], data: outputs['weights']!.slice(0, length * length) };
    const ms = times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]!;
    return { row: { ...none, unavailable: null, ms, path, weights: first }, outputs };
  } finally {
    tf.dispose(tensors);
    await selected.dispose();
  }
}

type Inputs = readonly { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array }[];

function inputsOf({ op, batch, heads, length, width, seed }: CompareProblem): Inputs {
  const shapes: Readonly<Record<string, readonly number[]>> =
    op === 'dotProductAttention'
      ? {
          query: [batch, heads, length, width],
          key: [batch, heads, length, width],
          value: [batch, heads, length, width],
        }
      : {
          query: [batch * heads, length, width],
          key: [batch * heads, length, width],
          vector: [width],
          value: [batch * heads, length, width],
        };
  return Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    data: normals(tf.util.sizeFromShape([...shape]), seed, name),
  }));
}

/** Outputs, and gradients when asked for, of the first output weighted by the values. */
async function runOnce(problem: CompareProblem, tensors: readonly tf.Tensor[]): Promise<Outputs> {
  const results: Readonly<Record<string, tf.Tensor>> = tf.tidy(() => {
    const { context, weights } = attention(problem, tensors, true);
    if (!problem.gradients) return { context, weights: weights! };
    const gradients = tf.grads((...inputs: tf.Tensor[]) => attention(problem, inputs, false).context);
    const slopes = gradients([...tensors], tensors.at(-1)!);
    const names = namesOf(problem).map((name) => `d${name[0]!.toUpperCase()}${name.slice(1)}`);
    return { context, weights: weights!, ...Object.fromEntries(slopes.map((slope, n) => [names[n]!, slope])) };
  });
  try {
    const read = Object.entries(results).map(
      async ([name, tensor]) => [name, (await tensor.data<'float32'>()).slice()] as const,
    );
    return Object.fromEntries(await Promise.all(read));
  } finally {
    tf.dispose(results);
  }
}

const namesOf = ({ op }: CompareProblem): readonly string[] =>
  op === 'dotProductAttention' ? ['query', 'key', 'value'] : ['query', 'key', 'vector', 'value'];

function attention(
  { op, causal }: CompareProblem,
  tensors: readonly tf.Tensor[],
  returnWeights: boolean,
): { context: tf.Tensor; weights?: tf.Tensor } {
  const [query, key, third, value] = tensors as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  return op === 'dotProductAttention'
    ? dotProductAttention(query, key, third, { causal, returnWeights })
    : additiveAttention(query, key, third, value, { causal, returnWeights });
}

function callOf({ op, causal }: CompareProblem, tensors: readonly tf.Tensor[]): Call {
  const [query, key, third, value] = tensors as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  return op === 'dotProductAttention'
    ? { op, query, key, value: third, causal, returnWeights: true }
    : { op, query, key, vector: third, value, causal, returnWeights: true };
}
