import type { MechanismOptions } from '@heed/attention';
import { HeedError } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { Allocation } from '../algebra.js';
import type { Expected } from '../bound.js';
import type { MechanismCase } from '../case.js';
import type { TensorValue } from '../example.js';
import { callMechanism } from '../mechanisms/call.js';
import { drawCotangents, drawMechanism, givenMemory } from '../mechanisms/draw.js';
import type { MechanismInstance } from '../mechanisms/example.js';
import { float32, float64 } from '../oracle/arithmetic.js';
import { evaluateMechanism } from '../oracle/mechanisms/evaluate.js';
import { gradientName, pairing, take, type Numbers } from '../perform.js';
import type { OutputResult } from '../report.js';
import { remembered } from '../remembered.js';
import { check } from './agreement.js';
import type { Finding, Session } from './session.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;
type TensorValues = Readonly<Record<string, TensorValue>>;

/**
 * Runs a mechanism and its gradients, and holds every number against its formula. Nothing may be left behind, and where gradients are
 * taken the outputs have the same bits, if the backend claims so.
 *
 * @param options mechanisms in place of the package's own, such as wrong ones
 */
export async function runMechanism(
  one: MechanismCase,
  session: Session,
  options: MechanismOptions = {},
): Promise<Finding> {
  assertGradients();
  const { example, seed, unit } = one;
  const { floor, backend } = session;
  const instance = drawMechanism(example, seed);
  const allocation = new Allocation();
  const failures: string[] = [];
  const outputs: OutputResult[] = [];
  try {
    const given = { ...instance.tensors, memory: givenMemory(instance) };
    const tensors = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, allocation.tensor(value)]));
    const expected = expectedOf(one, () => evaluate(instance, seed, unit));
    const first = await take(tf.tidy(() => callMechanism(instance, tensors, options)));
    const before = tf.memory().numTensors;
    const { seen, gradients } = differentiate(
      (given) => callMechanism(instance, given, options),
      tensors,
      expected.cotangents,
    );
    const [again, found] = [await take(seen), await take(gradients)];
    const more = tf.memory().numTensors - before;
    check(first, expected.outputs, floor, outputs, failures);
    check(found, expected.gradients, floor, outputs, failures);
    if (more !== 0) failures.push(`${more} tensors are left behind`);
    if (backend.capabilities.deterministic)
      for (const name of changed(first, again)) failures.push(`${name} has other bits where gradients are taken`);
    return { outputs, failures };
  } finally {
    allocation.dispose();
  }
}

/** Outputs, and the gradients of Σ output∘cotangent in every tensor, by `gradientOf` their names. */
function differentiate(
  call: (tensors: Tensors) => Tensors,
  tensors: Tensors,
  cotangents: TensorValues,
): { readonly seen: Tensors; readonly gradients: Tensors } {
  return tf.tidy(() => {
    const names = Object.keys(cotangents);
    const weights = names.map((name) => new Allocation().tensor(cotangents[name])); // tidied
    let seen: Tensors = {};
    const loss = (): tf.Tensor => {
      seen = call(tensors);
      for (const tensor of Object.values(seen)) tf.keep(tensor);
      return pairing(
        names.map((name) => seen[name]),
        weights,
      );
    };
    // Not `tf.grads`, which throws where the outputs don't depend on a tensor. There the gradient is 0.
    const { grads } = tf.engine().gradients(loss, Object.values(tensors), undefined, true);
    return {
      seen,
      gradients: Object.fromEntries(
        Object.entries(tensors).map(([name, { shape }], n) => [gradientOf(name), grads[n] ?? tf.zeros(shape)]),
      ),
    };
  });
}

/** Name of the gradient in a tensor of an instance: dQuery_kernel in 'param/query_kernel'. */
const gradientOf = (name: string): string => gradientName(name.slice(name.indexOf('/') + 1));

interface ExpectedMechanism {
  readonly cotangents: TensorValues;
  readonly outputs: Readonly<Record<string, Expected>>;
  readonly gradients: Readonly<Record<string, Expected>>;
}

const expectedOf = remembered<MechanismCase, ExpectedMechanism>();

function evaluate(instance: MechanismInstance, seed: number, unit?: number): ExpectedMechanism {
  const [exact, naive] = [evaluateMechanism(instance, float64), evaluateMechanism(instance, float32)];
  const cotangents = drawCotangents(instance, exact.outputs, seed);
  const numbers = Object.fromEntries(Object.entries(cotangents).map(([name, { values }]) => [name, values]));
  const [gradients, naiveGradients] = [exact.gradients(numbers), naive.gradients(numbers)];
  return {
    cotangents,
    outputs: mapped(cotangents, (name) => [name, { ...exact.outputs[name], naive: naive.outputs[name].values }]),
    gradients: mapped(instance.tensors, (name, { shape }) => [
      gradientOf(name),
      { shape, values: gradients[name], naive: naiveGradients[name], unit },
    ]),
  };
}

const mapped = (
  tensors: TensorValues,
  make: (name: string, tensor: TensorValue) => [string, Expected],
): Readonly<Record<string, Expected>> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => make(name, tensor)));

/** Names of those whose bits differ. */
const changed = (a: Numbers, b: Numbers): string[] =>
  Object.keys(a).filter((name) => !a[name].values.every((value, n) => Object.is(value, b[name]?.values[n])));

/** @throws HeedError GRADIENTS_MISSING */
function assertGradients(): void {
  if (tf.getGradient('BatchMatMul') !== undefined) return;
  throw new HeedError('GRADIENTS_MISSING', {
    message: "TensorFlow.js's gradients are not registered, of which mechanisms make their own",
    hint: "import '@tensorflow/tfjs' once, or in a bundler '@tensorflow/tfjs-core/dist/register_all_gradients.js'",
  });
}
