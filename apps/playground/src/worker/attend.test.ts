import { createMechanism } from '@heed/attention';
import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MECHANISMS, type AttentionProblem } from '../engine/jobs.js';
import { attend, configOf } from './attend.js';
import { tokenVectors } from './vectors.js';

const PROBLEM: AttentionProblem = {
  mechanism: 'additive',
  query: ['a', 'cat'],
  memory: ['the', 'cat', 'sat'],
  width: 8,
  heads: 2,
  seed: 7,
  edits: [],
  positions: true,
  temperature: 1,
  softCap: null,
  dropout: null,
  causal: false,
  window: null,
  length: null,
};

describe('attend', () => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(cpu());
  });
  afterAll(() => backend.dispose());

  test.each(MECHANISMS)('%s is the mechanism of the library', async (kind) => {
    const problem: AttentionProblem = { ...PROBLEM, mechanism: kind, length: 2, dropout: { rate: 0.3, seed: 5 } };
    const before = tf.memory().numTensors;
    const answer = await attend(problem);
    expect(tf.memory().numTensors).toBe(before);
    const mechanism = createMechanism(configOf(problem));
    const memory = mechanism.prepare(tf.expandDims(tokenVectors(problem.memory, problem), 0), { lengths: [2] });
    const { context, weights } = mechanism.attend(
      tf.expandDims<tf.Tensor3D>(tokenVectors(problem.query, problem), 0),
      memory,
      { returnWeights: true, dropout: { rate: 0.3, seed: 5 } },
    );
    expectClose(answer.weights.data, weights!.dataSync<'float32'>());
    expectClose(answer.context.data, context.dataSync<'float32'>());
    expect(answer.path).toBe('fused');
    expect(Object.keys(mechanism.parameters)).toEqual(answer.parameters.map(({ key }) => key));
    mechanism.dispose();
  });

  test.each(MECHANISMS)('%s: the softmax of the scores is the weights, hot, cold and capped', async (kind) => {
    for (const [temperature, softCap] of [
      [1, null],
      [0.3, null],
      [4, 1.5],
      [0.5, 0.7],
    ] as const) {
      const { scores, weights } = await attend({ ...PROBLEM, mechanism: kind, temperature, softCap });
      const keys = PROBLEM.memory.length;
      for (let row = 0; row < scores.data.length; row += keys) {
        const exps = scores.data.slice(row, row + keys).map(Math.exp);
        const sum = exps.reduce((total, exp) => total + exp, 0);
        expectClose(
          weights.data.slice(row, row + keys),
          exps.map((exp) => exp / sum),
        );
      }
      if (softCap !== null) expect(Math.max(...scores.data.map(Math.abs))).toBeLessThanOrEqual(softCap);
    }
  });

  test('an edit takes the place of a number, and one of nothing is refused', async () => {
    const edits = [{ key: 'vector', index: 2, value: 5 }];
    const { parameters } = await attend({ ...PROBLEM, edits });
    expect(parameters.find(({ key }) => key === 'vector')!.data[2]).toBe(5);
    for (const key of ['vector', 'nothing', 'constructor']) {
      const wrong = [{ key, index: 99, value: 1 }];
      await expect(attend({ ...PROBLEM, edits: wrong })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });
});

function expectClose(got: Float32Array, expected: Float32Array): void {
  expect(got.length).toBe(expected.length);
  got.forEach((value, n) => expect(value).toBeCloseTo(expected[n]!, 5));
}
