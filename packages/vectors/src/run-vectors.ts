import {
  compareGiven,
  pairing,
  runGiven,
  take,
  type ConformanceReport,
  type GivenComparison,
  type GivenFinding,
  type GivenOptions,
  type Numbers,
} from '@heed/conformance';
import type { BackendFactory } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, type Mapped } from './mapping.js';
import { MAPPED_MECHANISMS, MAPPINGS } from './mappings/index.js';
import { tensorsOf, type GivenTensor, type VectorCase } from './vector-case.js';

export type VectorOptions = GivenOptions;

const RELATIVE = 1e-5;
const FLOAT32_EPSILON = 2 ** -23;

/**
 * Holds a backend against other people's numbers: outputs and gradients of each case, within the tolerance that comes with them. A case
 * that Heed can't compute fails with its reason; none is skipped.
 *
 * @param cases from `parseVectors`
 * @returns a report like `runConformance`'s, of the group 'vectors'. Errors are measured against the files, so there is no naive form to
 *   compare them with: `naiveError` is 0
 * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID when the backend can't be selected
 */
export const runVectors = (
  factory: BackendFactory,
  cases: readonly VectorCase[],
  options: VectorOptions = {},
): Promise<ConformanceReport> => runGiven('runVectors', factory, 'vectors', cases, runCase, options);

async function runCase(test: VectorCase): Promise<GivenFinding> {
  const mapped = map(test);
  const comparisons = await compareAll(test, mapped);
  return {
    outputs: comparisons.flatMap(({ result }) => result ?? []),
    failures: comparisons.flatMap(({ failure }) => failure ?? []),
    path: mapped.path,
    reasons: mapped.reasons,
  };
}

function map(test: VectorCase): Mapped {
  if (Object.hasOwn(MAPPINGS, test.mechanism)) return MAPPINGS[test.mechanism](test);
  return cannot(test, `its cases can't be mapped; there are mappings of ${MAPPED_MECHANISMS.join(', ')}`);
}

/** All that the case expects, outputs and gradients. */
async function compareAll(test: VectorCase, { run, numbers = {} }: Mapped): Promise<readonly GivenComparison[]> {
  const inputs = tensorsFrom(tensorsOf(test, 'in'));
  try {
    const outputs = await take(tf.tidy(() => ({ ...run(inputs) })));
    const gradients = await take(gradientsOf(test, run, inputs));
    return [
      ...Object.entries(tensorsOf(test, 'out')).map(([name, expected]) =>
        compare(name, outputs[name] ?? ofNumbers(numbers[name], expected), expected),
      ),
      ...Object.entries(tensorsOf(test, 'grad')).map(([name, expected]) =>
        compare(`gradient of ${name}`, gradients[name], expected),
      ),
    ];
  } finally {
    tf.dispose(inputs);
  }
}

/** Gradients of Σ output∘cotangent in the inputs of which the case expects one. */
function gradientsOf(
  test: VectorCase,
  run: Mapped['run'],
  inputs: Readonly<Record<string, tf.Tensor>>,
): tf.NamedTensorMap {
  const names = Object.keys(tensorsOf(test, 'grad'));
  const missing = names.find((name) => inputs[name] === undefined);
  if (missing !== undefined) cannot(test, `there is a gradient of ${missing}, but no such input`);
  if (names.length === 0) return {};
  const cotangents = tensorsOf(test, 'cotangent');
  return tf.tidy(() => {
    const weights = Object.values(tensorsFrom(cotangents));
    const loss = (...moved: tf.Tensor[]): tf.Tensor => {
      const outputs = run({ ...inputs, ...Object.fromEntries(names.map((name, n) => [name, moved[n]])) });
      const paired = Object.keys(cotangents).map(
        (name) => outputs[name] ?? cannot(test, `there is a cotangent of ${name}, but no such output`),
      );
      return pairing(paired, weights);
    };
    const found = tf.grads(loss)(names.map((name) => inputs[name]));
    return Object.fromEntries(names.map((name, n) => [name, found[n]]));
  });
}

const tensorsFrom = (given: Readonly<Record<string, GivenTensor>>): tf.NamedTensorMap =>
  Object.fromEntries(
    Object.entries(given).map(([name, { data, shape, dtype }]) => {
      const values = dtype === 'float32' ? Float32Array.from(data) : Int32Array.from(data);
      return [
        name,
        dtype === 'bool' ? tf.tensor(Uint8Array.from(data), [...shape], dtype) : tf.tensor(values, [...shape], dtype),
      ];
    }),
  );

const ofNumbers = (found: ArrayLike<number> | undefined, { shape }: GivenTensor): Numbers[string] | undefined =>
  found && { shape, values: Float32Array.from(found) };

function compare(name: string, got: Numbers[string] | undefined, expected: GivenTensor): GivenComparison {
  if (got === undefined) return { failure: `${name} is expected, but the mapping doesn't give it` };
  const { dtype, atol } = expected;
  return compareGiven(name, got, expected, {
    epsilon: dtype === 'float32' ? FLOAT32_EPSILON : 1,
    allowed: (x) => (dtype === 'float32' ? atol + (Number.isFinite(x) ? RELATIVE * Math.abs(x) : 0) : 0),
  });
}
