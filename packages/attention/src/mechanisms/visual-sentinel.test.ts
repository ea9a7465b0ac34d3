import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, random, useBackend, values } from '../../test/engine.js';
import { bindMechanism, visualSentinel } from '../index.js';

const [B, T, TK, M, X] = [2, 3, 4, 5, 2];
const Q = 3 * M + X;
const config = { queryWidth: Q, memoryWidth: M, units: 6, fromCell: true, seed: 1 };

it('a query of a cell needs room for two hidden states, the cell and an input', () => {
  expect(codeOf(() => visualSentinel({ ...config, queryWidth: 3 * M }))).toBe('CONFIG_INVALID');
  visualSentinel({ ...config, queryWidth: M, fromCell: false }).dispose();
});

describe.each(BACKENDS)('on $name', (factory) => {
  useBackend(factory);

  it('context, weights and parts are those of one softmax over memory and sentinel', () => {
    const mechanism = visualSentinel(config);
    const query = random<tf.Rank.R3>([B, T, Q], 2);
    const source = random<tf.Rank.R3>([B, TK, M], 3);
    // Row 1 has no keys.
    const memory = mechanism.prepare(source, { lengths: [3, 0] });
    const { context, weights } = mechanism.attend(query, memory, { returnWeights: true });
    const { sentinel, beta, regionWeights, regionContext } = mechanism.parts(query, memory).between;
    expectClose(values(tf.add(tf.sum(weights, -1), beta!)), Array(B * T).fill(1), 1e-6);
    const gate = tf.expandDims(beta!, -1);
    expectClose(values(weights), values(tf.mul(tf.sub(1, gate), regionWeights!)), 1e-6);
    expectClose(values(tf.sum(regionWeights!, -1)), [1, 1, 1, 0, 0, 0], 1e-6);
    const mixed = tf.add(tf.mul(gate, sentinel!), tf.mul(tf.sub(1, gate), regionContext!));
    expectClose(values(context), values(mixed), 1e-6);
    expectClose(values(tf.slice(context, 1)), values(tf.slice(sentinel!, 1)), 0);
    const { path } = mechanism.explain(query, memory);
    expect(path).toBe(factory.name === 'composed' ? 'composed' : 'fused');
    // One step at a time gives the same.
    const step = mechanism.attend(tf.reshape<tf.Rank.R2>(tf.slice(query, [0, 1], [-1, 1]), [B, Q]), memory);
    expectClose(values(step.context), values(tf.slice(context, [0, 1], [-1, 1])), 1e-6);
    mechanism.dispose();
  });

  it('without any position there is the sentinel', () => {
    const mechanism = visualSentinel(config);
    const query = random<tf.Rank.R3>([B, T, Q], 2);
    const memory = mechanism.prepare(tf.zeros([B, 0, M]));
    const { context } = mechanism.attend(query, memory, { alignment: { align: 'top-left' } });
    const { sentinel } = mechanism.parts(query, memory, { alignment: { align: 'top-left' } }).between;
    expectClose(values(context), values(sentinel!), 0);
    mechanism.dispose();
  });

  it("what a cell gives is a query's projection, by kernels that pick it", () => {
    const made = visualSentinel(config);
    const { input_kernel, hidden_kernel, query_kernel, ...others } = made.parameters;
    const zeros = (rows: number, columns: number): tf.Tensor2D => tf.zeros([rows, columns]);
    const general = bindMechanism(
      { ...made.config(), fromCell: false },
      {
        ...others,
        query_kernel: tf.concat([query_kernel!, zeros(Q - M, 6)]),
        gate_kernel: tf.concat([zeros(2 * M, M), hidden_kernel!, input_kernel!]),
        cell_kernel: tf.concat([zeros(M, M), tf.eye(M), zeros(M + X, M)]),
      },
    );
    const query = random<tf.Rank.R3>([B, T, Q], 2);
    const source = random<tf.Rank.R3>([B, TK, M], 3);
    const one = made.attend(query, made.prepare(source)).context;
    expectClose(values(general.attend(query, general.prepare(source)).context), values(one), 1e-6);
    made.dispose();
  });
});
