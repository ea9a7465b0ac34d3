import {
  deviationsOf,
  differencesBetween,
  draw,
  expectedExample,
  solve,
  spacingsOf,
  type Expected,
  type Instance,
  type OpExample,
  type Solution,
  type Solved,
} from '@heed/conformance';
import { selectBackend } from '@heed/core';
import { BACKENDS, type BackendName, type CompareAnswer, type CompareSetup, type CompareRow } from '../engine/jobs.js';
import type { Report } from '../engine/protocol.js';
import { breathe } from './breathe.js';
import { factoryOf, leaveBackend } from './session.js';

/** Number of timed runs, after one run to warm up. */
const RUNS = 3;

/** Compares all backends that can run here on the same inputs, with float64 and with each other, as `heed compare` does. */
export async function compare(
  setup: CompareSetup,
  report: (progress: Report<'compare'>) => void,
  signal: AbortSignal,
): Promise<CompareAnswer> {
  await leaveBackend();
  const total = BACKENDS.length + 1;
  const instance = draw(exampleOf(setup, setup.batch, setup.heads), setup.seed);
  const ran: Ran[] = [];
  for (const [done, backend] of BACKENDS.entries()) {
    signal.throwIfAborted();
    report({ done, total, backend });
    ran.push(await runOn(backend, instance, setup, signal));
  }
  report({ done: BACKENDS.length, total, backend: 'float64' });
  await breathe();
  signal.throwIfAborted();
  const reference = referenceOf(setup);
  const held = ran.map(({ row, solved }) => ({
    row: {
      ...row,
      deviations: solved === undefined ? [] : deviationsOf(firstOf(solved, reference), reference.expected),
    },
    solved,
  }));
  return {
    rows: held.map(({ row }) => row),
    reference: { heads: reference.heads, of: reference.of, weights: firstWeights(reference, setup) },
    pairs: held.flatMap((one, n) =>
      held.slice(n + 1).flatMap((other) => {
        if (one.solved === undefined || other.solved === undefined) return [];
        const differences = differencesBetween(one.solved, other.solved, spacingsOf(one.solved));
        return [{ a: one.row.backend, b: other.row.backend, differences }];
      }),
    ),
  };
}

/** Example of the conformance suite. The loss of its gradients depends only on the context, as in most training. */
function exampleOf({ op, length, width, causal }: CompareSetup, batch: number, heads: number): OpExample {
  const common = {
    queries: length,
    keys: length,
    valueWidth: width,
    ...(causal && { causal: true as const }),
    outputs: ['weights' as const],
    lossIn: ['context' as const],
  };
  return op === 'dotProductAttention'
    ? { op, batch, heads, keyHeads: heads, width, ...common }
    : { op, batch: batch * heads, units: width, ...common };
}

interface Ran {
  readonly row: Omit<CompareRow, 'deviations'>;
  readonly solved?: Solved;
}

async function runOn(
  backend: BackendName,
  instance: Instance,
  { length, gradients }: CompareSetup,
  signal: AbortSignal,
): Promise<Ran> {
  const weights = { shape: [0, 0], data: new Float32Array(0) };
  const none = { backend, ms: 0, path: 'empty', weights } as const;
  const factory = await factoryOf(backend);
  const reasons = await factory.unavailableReasons();
  if (reasons.length > 0) return { row: { ...none, unavailable: reasons.join('; ') } };
  const selected = await selectBackend(factory);
  try {
    let solution: Solution | undefined;
    const times: number[] = [];
    for (let run = 0; run <= RUNS; run++) {
      signal.throwIfAborted();
      const started = performance.now();
      solution = await solve(instance, { gradients });
      if (run > 0) times.push(performance.now() - started);
    }
    const { path, outputs, gradients: slopes } = solution!;
    const first = { shape: [length, length], data: outputs['weights'].values.slice(0, length * length) };
    const ms = times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)];
    return {
      row: { ...none, unavailable: null, ms, path, weights: first },
      solved: { backend, floatBits: selected.capabilities.floatBits, numbers: { ...outputs, ...slopes } },
    };
  } finally {
    await selected.dispose();
  }
}

interface Reference {
  readonly heads: number;
  readonly of: number;
  readonly expected: Readonly<Record<string, Expected>>;
}

/** Number of products that the oracle, which is slow, computes in about a second, exactly and in naive float32. */
const MOST_PRODUCTS = 2 ** 23;

/** Work of the oracle for one head, in products: a tanh takes longer than a product, and gradients need two more passes. */
const workOf = ({ op, length, width, gradients }: CompareSetup): number =>
  length * length * width * (op === 'additiveAttention' ? 4 : 1) * (gradients ? 3 : 1);

/** Reference for the first heads. Heads are independent, so each is computed as one item of a batch. */
function referenceOf(setup: CompareSetup): Reference {
  const { batch, heads: each, seed, gradients } = setup;
  const of = batch * each;
  const heads = Math.max(1, Math.min(of, Math.floor(MOST_PRODUCTS / workOf(setup))));
  const { outputs, gradients: slopes } = expectedExample(exampleOf(setup, heads, 1), { seed, gradients });
  // All heads share the vector, so its gradient depends on all of them.
  const isOwn = (output: string): boolean => heads === of || output !== 'dVector';
  const expected = Object.entries({ ...outputs, ...slopes }).filter(([output]) => isOwn(output));
  return { heads, of, expected: Object.fromEntries(expected) };
}

/** Numbers of those heads that the reference has. */
function firstOf(solved: Solved, { expected }: Reference): Solved {
  const numbers = Object.entries(expected).map(([output, { shape, values }]) => {
    const first = solved.numbers[output].values.subarray(0, values.length);
    return [output, { shape, values: first }] as const;
  });
  return { ...solved, numbers: Object.fromEntries(numbers) };
}

function firstWeights({ expected }: Reference, { length }: CompareSetup): CompareAnswer['reference']['weights'] {
  return { shape: [length, length], data: expected['weights'].values.slice(0, length * length) };
}
