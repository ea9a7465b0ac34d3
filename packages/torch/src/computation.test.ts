import '@tensorflow/tfjs'; // registers the gradients of its ops
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { stateOf } from '../test/cases.js';
import { fromTorch } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

/** How many kernels of a name a computation runs. */
async function countOf(name: string, run: () => void): Promise<number> {
  const { kernels, result } = await tf.profile(() =>
    tf.tidy(() => {
      run();
      return tf.scalar(0);
    }),
  );
  tf.dispose(result);
  return kernels.filter((kernel) => kernel.name === name).length;
}

it('conversions are kept until a parameter changes, and freed with the module', async () => {
  const before = tf.memory().numTensors;
  const module = fromTorch(stateOf('gru'), { kind: 'GRU' });
  const x = tf.ones([2, 1, 4]);
  const call = () => module.call(x).output;
  // Gates of z change their sign on the way, in weights and biases of both kinds.
  expect(await countOf('Neg', call)).toBe(4);
  expect(await countOf('Neg', call)).toBe(0);

  const old = tf.tidy(() => call().dataSync());
  module.parameters['bias_ih_l0']!.assign(tf.tidy(() => tf.fill([15], 0.5)));
  const now = tf.tidy(() => call().dataSync());
  expect(now).not.toEqual(old);
  const fresh = fromTorch({ ...module.parameters }, { kind: 'GRU' });
  expect(now).toEqual(tf.tidy(() => fresh.call(x).output.dataSync()));

  const kept = tf.memory().numTensors;
  tf.tidy(() => {
    call();
  });
  expect(tf.memory().numTensors).toBe(kept);
  fresh.dispose();
  module.dispose();
  x.dispose();
  expect(tf.memory().numTensors).toBe(before + 1); // what was assigned is the test's
});

it('a call while gradients are taken is differentiated as a whole, whatever was kept before', () => {
  const module = fromTorch(stateOf('lstm'), { kind: 'LSTM' });
  const x = tf.ones([2, 1, 4]);
  tf.tidy(() => {
    module.call(x);
    const { grads } = tf.variableGrads(() => tf.sum(module.call(x).output) as tf.Scalar);
    expect(Object.keys(grads)).toHaveLength(4);
    // The two biases are only ever added up.
    const [input, recurrent] = ['bias_ih_l0', 'bias_hh_l0'].map((key) =>
      grads[module.parameters[key]!.name]!.dataSync(),
    );
    expect(input).toEqual(recurrent);
  });
  module.dispose();
  x.dispose();
});
