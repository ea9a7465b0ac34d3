import { compareGiven, pairing, take, type GivenComparison, type GivenFinding, type Numbers } from '@heed/conformance';
import * as tf from '@tensorflow/tfjs-core';
import { inPieces } from './in-pieces.js';
import { cannot, type Compute, type Mapped, type NamedTensors } from './mapping.js';
import { tensorsOf, type GivenTensor, type VectorCase } from './vector-case.js';

const RELATIVE = 1e-5;
const FLOAT32_EPSILON = 2 ** -23;
const PARAMETER = 'param/';

/** All that a case expects, outputs and gradients, against what its mapping computes on the backend in use, at once and in pieces. */
export async function runCase(test: VectorCase, mapped: Mapped): Promise<GivenFinding> {
  const inputs = tensorsFrom(tensorsOf(test, 'in'));
  const parameters = tensorsFrom(tensorsOf(test, 'param'));
  try {
    const given: Given = { test, inputs, parameters: { ...parameters, ...mapped.variables } };
    const comparisons = [
      ...(await atOnce(given, mapped)),
      ...(mapped.carried === undefined || mapped.carried.steps < 2
        ? []
        : await goingOn(given, inPieces(mapped.run, mapped.carried))),
    ];
    return {
      outputs: comparisons.flatMap(({ result }) => result ?? []),
      failures: comparisons.flatMap(({ failure }) => failure ?? []),
      path: mapped.path,
      reasons: mapped.reasons,
    };
  } finally {
    tf.dispose([inputs, parameters]);
  }
}

interface Given {
  readonly test: VectorCase;
  readonly inputs: NamedTensors;
  readonly parameters: NamedTensors;
}

/** Everything that is expected. */
async function atOnce(given: Given, { run, numbers = {}, inPlaceOfNaN }: Mapped): Promise<readonly GivenComparison[]> {
  const { test } = given;
  const expectedOf = (expected: GivenTensor, got: Numbers[string] | undefined, number?: number): GivenTensor =>
    inPlaceOfNaN === undefined ? expected : withoutNaN(expected, got, number);
  const outputs = await outputsOf(given, run);
  const gradients = await take(gradientsOf(given, run));
  return [
    ...Object.entries(tensorsOf(test, 'out')).map(([name, expected]) => {
      const got = outputs[name] ?? ofNumbers(numbers[name], expected);
      return compare(name, got, expectedOf(expected, got, inPlaceOfNaN?.[name]));
    }),
    ...Object.entries(tensorsOf(test, 'grad')).map(([name, expected]) =>
      compare(`gradient of ${name}`, gradients[name], expectedOf(expected, gradients[name])),
    ),
  ];
}

/** What is expected in place of NaN: a number, or whatever is finite. */
function withoutNaN(expected: GivenTensor, got: Numbers[string] | undefined, number?: number): GivenTensor {
  const finiteAt = (n: number): number => {
    const found = got?.values[n];
    return Number.isFinite(found) ? found! : 0;
  };
  return { ...expected, data: Array.from(expected.data, (x, n) => (Number.isNaN(x) ? (number ?? finiteAt(n)) : x)) };
}

/** What pieces give of it, and the gradients, unless they are of an output that pieces don't give. */
async function goingOn(given: Given, run: Compute): Promise<readonly GivenComparison[]> {
  const { test } = given;
  const outputs = await outputsOf(given, run);
  const complete = Object.keys(cotangentsOf(test)).every((name) => Object.hasOwn(outputs, name));
  const gradients = complete ? await take(gradientsOf(given, run)) : {};
  const expected = { out: tensorsOf(test, 'out'), grad: tensorsOf(test, 'grad') };
  return [
    ...Object.entries(outputs)
      .filter(([name]) => Object.hasOwn(expected.out, name))
      .map(([name, got]) => compare(`${name} in two pieces`, got, expected.out[name])),
    ...Object.entries(gradients).map(([name, got]) =>
      compare(`gradient of ${name} in two pieces`, got, expected.grad[name]),
    ),
  ];
}

const outputsOf = ({ inputs, parameters }: Given, run: Compute): Promise<Numbers> =>
  take(tf.tidy(() => ({ ...run(inputs, parameters, 0) })));

/** Cotangents by their outputs. An objective that is one of the outputs is the sum of its numbers. */
function cotangentsOf(test: VectorCase): Readonly<Record<string, GivenTensor>> {
  const given = tensorsOf(test, 'cotangent');
  const { objective } = test;
  const output = objective === undefined ? undefined : tensorsOf(test, 'out')[objective];
  if (Object.keys(given).length > 0 || output === undefined) return given;
  return { [objective!]: { ...output, data: Array.from(output.data, () => 1) } };
}

/** Gradients of Σ output∘cotangent in the inputs and parameters of which the case expects one. */
function gradientsOf({ test, inputs, parameters }: Given, run: Compute): tf.NamedTensorMap {
  const names = Object.keys(tensorsOf(test, 'grad'));
  if (names.length === 0) return {};
  const known: NamedTensors = { ...inputs, ...prefixed(parameters) };
  const missing = names.find((name) => !Object.hasOwn(known, name));
  if (missing !== undefined) cannot(test, `there is a gradient of ${missing}, but no such input or parameter`);
  const cotangents = cotangentsOf(test);
  return tf.tidy(() => {
    // Variables must be these very tensors: a copy of one wouldn't be what the mechanism reads.
    const moved = names.map((name) => known[name]);
    const weights = Object.values(tensorsFrom(cotangents));
    const loss = (): tf.Tensor => {
      const outputs = run(inputs, parameters, 0);
      const paired = Object.keys(cotangents).map(
        (name) => outputs[name] ?? cannot(test, `there is a cotangent of ${name}, but no such output`),
      );
      return pairing(paired, weights);
    };
    // Not `tf.grads`, which throws where the outputs don't depend on a tensor. There the gradient is 0.
    const { grads } = tf.engine().gradients(loss, moved, undefined, true);
    const expected = tensorsOf(test, 'grad');
    // A variable may have an axis of 1 that the case's parameter hasn't.
    return Object.fromEntries(
      names.map((name, n) => [name, withoutOnes(grads[n] ?? tf.zeros(moved[n]!.shape), expected[name]!)]),
    );
  });
}

/** The gradient in the case's layout, when the numbers are as many and only axes of 1 differ. */
function withoutOnes(gradient: tf.Tensor, { shape }: GivenTensor): tf.Tensor {
  const long = (axes: readonly number[]): string => String(axes.filter((length) => length !== 1));
  return long(gradient.shape) === long(shape) ? tf.reshape(gradient, [...shape]) : gradient;
}

const prefixed = (parameters: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [`${PARAMETER}${name}`, tensor]));

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
