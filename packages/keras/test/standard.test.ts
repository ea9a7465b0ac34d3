import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { BACKENDS, useBackend } from './backends.js';
import { arraysOf, CASES, runCase } from './standard-cases.js';

/** Bound on errors: floats that were computed in another order, twice that of the numbers' last place for sums of a few hundred. */
const ABSOLUTE = 2e-6;
const RELATIVE = 1e-5;

const EXPECTED = /^(?:out|outmask|grad|after)\//;

describe.each(BACKENDS.map((factory) => [factory.name, factory] as const))("Keras's numbers, on %s", (_, factory) => {
  useBackend(factory);

  it.each(CASES.map((one) => [one.name, one] as const))('%s', (name, one) => {
    const before = tf.memory().numTensors;
    const results = runCase(one);
    expect(tf.memory().numTensors, 'tensors are freed').toBe(before);
    const expected = Object.entries(arraysOf(name)).filter(([key]) => EXPECTED.test(key));
    const found = Object.keys(results).filter((key) => EXPECTED.test(key));
    expect(found.toSorted()).toEqual(expected.map(([key]) => key).toSorted());
    const alone = expected.filter(([key]) => key.startsWith('out/') && one.training !== true);
    const compared = [...expected, ...alone.map(([key, array]) => [key.replace('out', 'alone'), array] as const)];
    for (const [key, { shape, data }] of compared) {
      expect(results[key].shape, key).toEqual(shape);
      const differences = Array.from(data as Float32Array, (value, n) => {
        const error = Math.abs(results[key].data[n] - Number(value));
        return error <= ABSOLUTE + RELATIVE * Math.abs(Number(value)) || Object.is(results[key].data[n], Number(value))
          ? 0
          : error;
      });
      expect(Math.max(...differences), `${key} is off by`).toBe(0);
    }
  });
});
