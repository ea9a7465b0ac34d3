import * as tf from '@tensorflow/tfjs-core';
import type { ConductCase } from '../case.js';
import { draw } from '../draw.js';
import { biasTensors } from '../oracle/biases.js';
import { Performer, read, take, type Numbers } from '../perform.js';
import type { Finding, Session } from './session.js';

type Pass = ConductCase['pass'];

/** Checks that nothing is left after the results are disposed. The first run may fill caches, so the second one counts. */
export async function runLeak({ example, seed, pass }: ConductCase): Promise<Finding> {
  const performer = new Performer(draw(example, seed));
  try {
    tf.dispose(run(performer, pass));
    const before = allocated();
    tf.dispose(run(performer, pass));
    const after = allocated();
    const failures = Object.entries(after).flatMap(([what, count]) => {
      const more = count - before[what as keyof typeof before];
      return more === 0 ? [] : [`${what} is ${more > 0 ? `${more} more` : `${-more} less`} than before`];
    });
    return { ...where(performer), failures };
  } finally {
    performer.dispose();
  }
}

/** Checks that inputs and earlier results don't change when the op runs, since inputs are borrowed and results the caller's. */
export async function runOwnership({ example, seed, pass }: ConductCase): Promise<Finding> {
  const instance = draw(example, seed);
  const performer = new Performer(instance);
  const other = new Performer(draw(example, seed + 1));
  const failures: string[] = [];
  try {
    const first = run(performer, pass);
    const before = await read(first);
    const second = await take(run(other, pass));
    const after = await take(first);
    for (const name of changed(before, after)) failures.push(`${name} changed when the op ran on other inputs`);
    if (Object.keys(before).length > 0 && changed(before, second).length === 0 && !isConstant(before)) {
      failures.push('other inputs gave the same result');
    }
    const given = { ...instance.inputs, ...biasTensors(instance.bias) } as Numbers;
    for (const name of changed(given, await read(performer.inputs))) failures.push(`input ${name} was overwritten`);
    return { ...where(performer), failures };
  } finally {
    performer.dispose();
    other.dispose();
  }
}

const REPEATS = 3;

/** Checks that results have the same bits every time, also with inputs at other addresses. */
export async function runRepeat({ example, seed, pass }: ConductCase, { backend }: Session): Promise<Finding> {
  if (!backend.capabilities.deterministic) return { failures: [], skipped: 'capabilities.deterministic is false' };
  const instance = draw(example, seed);
  const performers = [new Performer(instance), new Performer(instance)];
  try {
    const reference = await take(run(performers[0], pass));
    const differing = new Set<string>();
    for (let n = 0; n < REPEATS; n++) {
      for (const performer of performers) {
        for (const name of changed(reference, await take(run(performer, pass)))) differing.add(name);
      }
    }
    return { ...where(performers[0]), failures: [...differing].map((name) => `${name} differs between runs`) };
  } finally {
    for (const performer of performers) performer.dispose();
  }
}

function run(performer: Performer, pass: Pass): Record<string, tf.Tensor> {
  return pass === 'forward' ? performer.forward() : performer.gradients();
}

function where(performer: Performer): Pick<Finding, 'path' | 'reasons'> {
  const { path, reasons } = performer.explain();
  return { path, reasons };
}

function allocated() {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  // numDataIds also counts what the engine holds without TensorFlow.js knowing.
  return { numTensors, numDataBuffers, numBytes, numDataIds: tf.engine().backend.numDataIds() };
}

/** Names of tensors whose bits differ. */
function changed(before: Numbers, after: Numbers): string[] {
  return Object.entries(before).flatMap(([name, { values }]) => {
    const same = values.every((value, n) => Object.is(value, after[name]?.values[n]));
    return same ? [] : [name];
  });
}

/** Whether the numbers can't depend on scores: they are of an empty example, or of weights that no score can change. */
function isConstant(numbers: Numbers): boolean {
  return Object.values(numbers).every(({ values }) => values.every((value) => value === 0 || value === -Infinity));
}
