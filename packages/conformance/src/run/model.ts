import * as tf from '@tensorflow/tfjs-core';
import { MODEL_OPS, pathOfModelOp, type ModelOp } from '@heed/core/model-ops';
import { Allocation } from '../algebra.js';
import type { Expected } from '../bound.js';
import type { ModelCase } from '../case.js';
import { callModel } from '../model/call.js';
import { drawModel } from '../model/draw.js';
import type { ModelInstance } from '../model/example.js';
import { float32, float64 } from '../oracle/arithmetic.js';
import { evaluateModel } from '../oracle/model/evaluate.js';
import { gradientName, pairing, read, take, type Numbers } from '../perform.js';
import type { OutputResult } from '../report.js';
import { remembered } from '../remembered.js';
import { check } from './agreement.js';
import type { Finding, Session } from './session.js';

type ByName<T> = Readonly<Record<string, T>>;

/**
 * Runs a model op and its gradient, and holds every number against the oracle. Nothing may be left behind, inputs stay as they
 * were, and a second run gives the same bits where the backend claims so.
 */
export async function runModel(one: ModelCase, { floor, backend }: Session): Promise<Finding> {
  const { example, seed } = one;
  const instance = drawModel(example, seed);
  const allocation = new Allocation();
  const failures: string[] = [];
  const outputs: OutputResult[] = [];
  try {
    const inputs = Object.fromEntries(
      Object.entries(instance.inputs).map(([name, values]) => [name, values.map((value) => allocation.tensor(value))]),
    );
    const first = await results(instance, inputs);
    check(
      first,
      expectedOf(one, () => evaluate(instance)),
      floor,
      outputs,
      failures,
    );
    const before = tf.memory().numTensors;
    const second = await results(instance, inputs);
    const more = tf.memory().numTensors - before;
    if (more !== 0) failures.push(`${more} tensors are left behind`);
    if (backend.capabilities.deterministic) {
      for (const name of changed(first, second)) failures.push(`${name} has other bits when the op runs again`);
    }
    const given = byTensor(instance.inputs) as Numbers;
    for (const name of changed(given, await read(byTensor(inputs)))) failures.push(`input ${name} was overwritten`);
    const path = pathOfModelOp(MODEL_OPS[example.op]);
    const reasons = path === 'composed' ? [`${backend.name} has no kernel for ${example.op}`] : [];
    return { path, reasons, outputs, failures };
  } finally {
    allocation.dispose();
  }
}

/** What the op gives, and the gradients of Σ result∘cotangent. */
async function results(instance: ModelInstance, inputs: ByName<readonly tf.Tensor[]>): Promise<Numbers> {
  const { example, cotangents } = instance;
  const forward = await take(callModel(example, inputs));
  if (!hasGradient(instance)) return forward;
  const names = Object.keys(cotangents);
  const gradients = tf.tidy(() => {
    const weights = names.map((name) =>
      tf.tensor(Float32Array.from(cotangents[name].values), [...cotangents[name].shape]),
    );
    const loss = (): tf.Tensor => {
      const found = callModel(example, inputs);
      return pairing(
        names.map((name) => found[name]),
        weights,
      );
    };
    const flat = byTensor(differentiable(instance, inputs));
    const all = tf.grads(loss)(Object.values(flat));
    return Object.fromEntries(Object.keys(flat).map((name, n) => [gradientName(name), all[n]]));
  });
  return { ...forward, ...(await take(gradients)) };
}

const expectedOf = remembered<ModelCase, ByName<Expected>>();

function evaluate(instance: ModelInstance): ByName<Expected> {
  const [exact, naive] = [evaluateModel(instance, float64), evaluateModel(instance, float32)];
  const expected = Object.entries(exact.results).map(
    ([name, { shape, values }]) => [name, { shape, values, naive: naive.results[name].values }] as const,
  );
  if (!hasGradient(instance)) return Object.fromEntries(expected);
  const tensors = byTensor(differentiable(instance, instance.inputs));
  const [of, naiveOf] = [byTensor(exact.gradients!), byTensor(naive.gradients!)];
  const gradients = Object.keys(tensors).map(
    (name) => [gradientName(name), { shape: tensors[name].shape, values: of[name], naive: naiveOf[name] }] as const,
  );
  return Object.fromEntries([...expected, ...gradients]);
}

function hasGradient({ example }: ModelInstance): boolean {
  const op: ModelOp = MODEL_OPS[example.op];
  return op.gradient !== false;
}

/** The inputs that gradients reach. */
function differentiable<T>({ example }: ModelInstance, inputs: ByName<T>): ByName<T> {
  const op: ModelOp = MODEL_OPS[example.op];
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => op.inputs[name].constant !== true));
}

/** One entry a tensor: `bias`, but `terms1` where there are several. */
const byTensor = <T>(inputs: ByName<readonly T[]>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([name, tensors]) =>
      tensors.map((tensor, n) => [tensors.length === 1 ? name : `${name}${n}`, tensor] as const),
    ),
  );

/** The names of those whose bits differ. */
const changed = (a: Numbers, b: Numbers): string[] =>
  Object.keys(a).filter((name) => !a[name].values.every((value, n) => Object.is(value, b[name].values[n])));
