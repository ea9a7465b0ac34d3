import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { Compute, Mapped } from '../src/mapping.js';
import { runCase } from '../src/run-case.js';
import type { GivenTensor, VectorCase } from '../src/vector-case.js';

beforeAll(() => tf.setBackend('cpu'));

/** State s_t = s_{t−1} + x_t and context c_t = gain·s_t, for x = (1, 2, 4), s_{−1} = 8 and gain = 3; Σ c_t is the loss. */
const sums: VectorCase = {
  id: 'sums',
  mechanism: 'sums',
  options: {},
  tensors: {
    'in/x': numbers([1, 2, 4]),
    'in/state0': numbers([8]),
    'in/lengths': { ...numbers([3]), dtype: 'int32' },
    'param/gain': numbers([3]),
    'out/context': numbers([27, 33, 45]),
    'out/state': numbers([15]),
    'out/steps': { ...numbers([3]), dtype: 'int32' },
    'cotangent/context': numbers([1, 1, 1]),
    'grad/x': numbers([9, 6, 3]),
    'grad/state0': numbers([9]),
    'grad/param/gain': numbers([35]),
  },
};

function numbers(data: number[]): GivenTensor {
  return { dtype: 'float32', shape: [data.length], data, atol: 1e-6 };
}

const run: Compute = ({ x, state0, lengths }, { gain }) => {
  const states = tf.add(state0!, tf.cumsum(x!));
  return { context: tf.mul(gain!, states), state: tf.slice(states, [x!.size - 1], [1]), steps: tf.clone(lengths!) };
};

const once: Mapped = { run, path: 'composed', reasons: [] };
const carried = { steps: 3, inputs: { x: 0 }, outputs: { context: 0 }, states: ['state'], lengths: 'lengths' };

const failuresOf = async (mapped: Mapped, changed: VectorCase['tensors'] = {}): Promise<readonly string[]> =>
  (await runCase({ ...sums, tensors: { ...sums.tensors, ...changed } }, mapped)).failures;

it('outputs, gradients of inputs and of parameters are compared, at once and in two pieces', async () => {
  const { outputs, failures } = await runCase(sums, { ...once, carried });
  expect(failures).toEqual([]);
  expect(outputs.map(({ name }) => name)).toEqual([
    'context',
    'state',
    'steps',
    'gradient of x',
    'gradient of state0',
    'gradient of param/gain',
    'context in two pieces',
    'state in two pieces',
    'gradient of x in two pieces',
    'gradient of state0 in two pieces',
    'gradient of param/gain in two pieces',
  ]);
});

it('a parameter and an input of one name are two tensors', async () => {
  const mapped: Mapped = { ...once, run: (inputs, { x }) => run(inputs, { gain: x! }, 0) };
  const { 'param/gain': gain, 'grad/param/gain': gradient, ...others } = sums.tensors;
  const tensors = { ...others, 'param/x': gain!, 'grad/param/x': gradient! };
  expect((await runCase({ ...sums, tensors }, mapped)).failures).toEqual([]);
});

it('a gradient of a parameter that is wrong fails, in a variable of a mechanism too', async () => {
  const wrong = { 'grad/param/gain': numbers([35.1]) };
  const gain = tf.variable(tf.tensor1d([3]));
  const mechanism: Mapped = { ...once, run: (inputs) => run(inputs, { gain }, 0), variables: { gain } };
  for (const mapped of [once, mechanism]) {
    expect(await failuresOf(mapped)).toEqual([]);
    expect(await failuresOf(mapped, wrong)).toEqual([expect.stringMatching(/^gradient of param\/gain.*off by/)]);
  }
  gain.dispose();
});

it('whole numbers are compared exactly', async () => {
  expect(await failuresOf(once, { 'out/steps': { ...numbers([4]), dtype: 'int32', atol: 9 } })).toEqual([
    expect.stringMatching(/^steps/),
  ]);
});

it('a computation that forgets its state between pieces fails, and one that reads lengths as those of all steps', async () => {
  const forgets: Compute = (inputs, parameters) =>
    run({ ...inputs, state0: inputs['x']!.size === 3 ? inputs['state0']! : tf.zeros([1]) }, parameters, 0);
  expect(await failuresOf({ ...once, run: forgets, carried })).toContainEqual(
    expect.stringMatching(/^state in two pieces.*off by/),
  );
  const steps: Compute = (inputs, parameters) => {
    const { context, state } = run(inputs, parameters, 0);
    const within = tf.lessEqual(tf.max(inputs['lengths']!), inputs['x']!.size);
    return { context: tf.where(within, context!, tf.zerosLike(context!)), state: state! };
  };
  const { 'out/steps': _, ...tensors } = sums.tensors;
  const { lengths: __, ...whole } = carried;
  expect((await runCase({ ...sums, tensors }, { ...once, run: steps, carried })).failures).toEqual([]);
  expect((await runCase({ ...sums, tensors }, { ...once, run: steps, carried: whole })).failures).not.toEqual([]);
});

it('what a mapping has nothing to do with has a gradient of 0', async () => {
  const unused = { 'param/unused': numbers([5]), 'grad/param/unused': numbers([0]) };
  expect(await failuresOf(once, unused)).toEqual([]);
  expect(await failuresOf(once, { ...unused, 'grad/param/unused': numbers([1]) })).toHaveLength(1);
});

it('without cotangents, gradients are of the output that is the objective', async () => {
  const { 'cotangent/context': _, ...tensors } = sums.tensors;
  const changed = { ...tensors, 'grad/x': numbers([3, 3, 3]), 'grad/param/gain': numbers([0]) };
  const test = { ...sums, objective: 'doubled', tensors: { ...changed, 'out/doubled': numbers([45]) } };
  const doubled: Compute = (...given) => ({ ...run(...given), doubled: tf.mul(run(...given)['state']!, 3) });
  const found = await runCase(
    { ...test, tensors: { ...test.tensors, 'grad/state0': numbers([3]) } },
    { ...once, run: doubled },
  );
  expect(found.failures).toEqual([]);
});

it('NaN that Heed has numbers for on purpose: the number where there is one, else whatever is finite', async () => {
  const nan = { 'out/context': numbers([27, NaN, 45]), 'grad/x': numbers([9, NaN, 3]) };
  const infinite: Compute = (...given) => {
    const { context, ...others } = run(...given);
    return { ...others, context: tf.add(context!, [0, Infinity, 0]) };
  };
  expect(await failuresOf(once, nan)).toHaveLength(2); // NaN must be NaN
  expect(await failuresOf({ ...once, inPlaceOfNaN: {} }, nan)).toEqual([]);
  expect(await failuresOf({ ...once, inPlaceOfNaN: { context: 33 } }, nan)).toEqual([]);
  expect(await failuresOf({ ...once, inPlaceOfNaN: { context: 0 } }, nan)).toHaveLength(1);
  expect(await failuresOf({ ...once, run: infinite, inPlaceOfNaN: {} }, nan)).toHaveLength(1);
  // The other numbers are held to the tolerance as ever.
  expect(await failuresOf({ ...once, inPlaceOfNaN: {} }, { ...nan, 'out/state': numbers([16]) })).toHaveLength(1);
});

it('frees what it made', async () => {
  const before = tf.memory().numTensors;
  await runCase(sums, { ...once, carried });
  expect(tf.memory().numTensors).toBe(before);
});
