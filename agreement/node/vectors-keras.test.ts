import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { both, causal, dense, materialize, slidingWindow, weightedContext, type Mask } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { createMechanism, type AttentionMechanism } from '@heed/attention';
import { BACKENDS, expectNoLeak, useBackend } from '../../packages/attention/test/engine.js';

type Numbers = readonly (number | Numbers)[];
type Masks = readonly (boolean | Masks)[];

interface Inputs {
  readonly query: Numbers;
  readonly key: Numbers | null;
  readonly value: Numbers | null;
  readonly query_mask: Masks | null;
  readonly value_mask: Masks | null;
  readonly scores: Numbers;
  readonly scores_mask: Masks | null;
  readonly shape: readonly number[];
  readonly scores_shape: readonly number[];
  readonly length: number;
  readonly weights: Readonly<Record<string, Numbers>>;
}

interface Config {
  readonly scale: number | readonly number[] | null;
  readonly score_mode: 'dot' | 'concat';
  readonly concat_score_weight: number;
  readonly causal: boolean;
  readonly num_heads: number;
  readonly key_dim: number;
  readonly value_dim: number;
  readonly sliding_window: number;
}

/** A case of Keras. It has the inputs and settings that its kind needs. */
interface KerasCase {
  readonly id: string;
  readonly kind: string;
  readonly layer: string;
  readonly config: Config;
  readonly inputs: Inputs;
  readonly expected: Readonly<Record<string, Numbers | Masks>>;
  readonly tolerance: { readonly atol: number; readonly rtol: number };
}

const file = new URL('../../vectors/keras-attention.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly KerasCase[] };

const flat = (values: Numbers | Masks): number[] =>
  values.flatMap((value: number | boolean | Numbers | Masks) =>
    typeof value === 'object' ? flat(value) : [Number(value)],
  );
const floats = (values: Numbers): tf.Tensor => tf.tensor(values as number[], undefined, 'float32');
const cube = (values: Numbers): tf.Tensor3D => floats(values) as tf.Tensor3D;
const bools = (values: Masks): tf.Tensor2D => tf.tensor(values as boolean[], undefined, 'bool') as tf.Tensor2D;
/** Mask of queries: [B, Tq] → [B, 1, Tq, 1]. */
const ofQueries = (mask: Masks): Mask => dense(tf.expandDims(tf.expandDims(bools(mask), 1), 3));
/** Mask of keys: [B, Tk] → [B, 1, 1, Tk]. */
const ofKeys = (mask: Masks): Mask => dense(tf.expandDims(tf.expandDims(bools(mask), 1), 2));
// Keras aligns both sequences at their starts, also when their lengths differ.
const KERAS_CAUSAL = { align: 'top-left' } as const;

/** Mechanism of a Keras layer. The layers compare query and key without projections, so the kernels are identities. */
function mechanismOf({ layer, config }: KerasCase, width: number): AttentionMechanism {
  const sizes = { queryWidth: width, memoryWidth: width, units: width, seed: 0 };
  const identity = tf.eye(width);
  if (layer === 'AdditiveAttention') {
    const vector = config.scale === null ? tf.ones([width]) : tf.tensor1d(config.scale as number[]);
    const weights = { query_kernel: identity, memory_kernel: identity, vector };
    return createMechanism({ kind: 'additive', bias: false, ...sizes }, weights);
  }
  const scale = config.scale as number | null;
  if (config.score_mode === 'concat') {
    // weight · Σ_d tanh(scale · (q_d + k_d))
    const kernel = tf.mul(tf.concat([identity, identity]), scale ?? 1);
    return createMechanism(
      { kind: 'concat', ...sizes },
      { kernel, vector: tf.fill([width], config.concat_score_weight) },
    );
  }
  return createMechanism(scale === null ? { kind: 'dot', width } : { kind: 'scaledDotProduct', width, scale });
}

function multiHeadOf({ inputs, config }: KerasCase, width: number): AttentionMechanism {
  const { num_heads: heads, key_dim: headWidth, value_dim: valueWidth } = config;
  // Keras splits the heads' axis off: [I, H, D] and [H, D] where Heed has [I, H·D] and [H·D], and the output's [H, D, O].
  const weights = Object.entries(inputs.weights).map(([key, values]) => {
    const tensor = floats(values);
    if (key === 'output_bias') return [key, tensor];
    if (key === 'output_kernel') return [key, tf.reshape(tensor, [-1, tensor.shape.at(-1)!])];
    return [key, tf.reshape(tensor, tensor.rank === 3 ? [tensor.shape[0], -1] : [-1])];
  });
  const sizes = { queryWidth: width, memoryWidth: width, heads, headWidth, valueWidth };
  return createMechanism(
    { kind: 'multiHead', ...sizes, seed: 0 },
    Object.fromEntries(weights) as Record<string, tf.Tensor>,
  );
}

type Outputs = Readonly<Record<string, tf.Tensor>>;

function attend(test: KerasCase, build: (test: KerasCase, width: number) => AttentionMechanism): Outputs {
  const { inputs, config } = test;
  const query = cube(inputs.query);
  const value = cube((inputs.value ?? inputs.key)!);
  const keys = inputs.key ? cube(inputs.key) : value;
  const mechanism = build(test, query.shape[2]);
  try {
    const memory = mechanism.prepare(value, {
      keys,
      ...(inputs.value_mask && { mask: bools(inputs.value_mask) }),
    });
    const options = { ...(config.causal && { causal: KERAS_CAUSAL }) };
    const { weights } = mechanism.attend(query, memory, { ...options, returnWeights: true });
    // In Keras the query mask changes only the result, and weights stay; in Heed a masked query attends to nothing.
    const mask = inputs.query_mask && { mask: ofQueries(inputs.query_mask) };
    const { context, weights: masked } = mechanism.attend(query, memory, { ...options, ...mask, returnWeights: true });
    const kept = inputs.query_mask ? tf.mul(weights, tf.expandDims(bools(inputs.query_mask), 2)) : weights;
    expect(Array.from(masked!.dataSync()), 'weights under the query mask').toEqual(Array.from(kept.dataSync()));
    return { weights: weights, result: context, scores: rawScores(mechanism, query, value, keys) };
  } finally {
    mechanism.dispose();
  }
}

/** Scores before any mask: log(weight) + logSumExp. */
function rawScores(
  mechanism: AttentionMechanism,
  query: tf.Tensor3D,
  value: tf.Tensor3D,
  keys: tf.Tensor3D,
): tf.Tensor {
  const { weights, logSumExp } = mechanism.attend(query, mechanism.prepare(value, { keys }), {
    returnWeights: true,
    returnLogSumExp: true,
  });
  return tf.add(tf.log(weights), tf.expandDims(logSumExp, -1));
}

/** A mask that is the same for all heads as [Tq, Tk] or [B, Tq, Tk]. */
function shown(mask: Mask, shape: readonly number[]): tf.Tensor {
  const [queries, keys] = shape.slice(-2) as [number, number];
  const batch = shape.length === 3 ? shape[0] : 1;
  return tf.reshape(materialize(mask, { batch, heads: 1, queries, keys }), [...shape]);
}

/** Functions that run each kind of case by Heed. */
const RUN: Readonly<Record<string, (test: KerasCase) => Outputs>> = {
  scores: (test) => attend(test, mechanismOf),
  attention: (test) => attend(test, mechanismOf),
  multi_head: (test) => attend(test, multiHeadOf),
  apply_scores({ inputs }) {
    const { context, weights } = weightedContext(cube(inputs.scores), cube(inputs.value!), {
      ...(inputs.scores_mask && { mask: dense(tf.expandDims(bools(inputs.scores_mask), 1)) }),
      returnWeights: true,
    });
    return { result: context, weights: weights };
  },
  causal_mask: ({ inputs }) => ({ mask: shown(causal(KERAS_CAUSAL), inputs.shape) }),
  combined_mask({ inputs, config }) {
    const masks = [
      ...(config.causal ? [causal(KERAS_CAUSAL)] : []),
      ...(inputs.query_mask ? [ofQueries(inputs.query_mask)] : []),
      ...(inputs.value_mask ? [ofKeys(inputs.value_mask)] : []),
    ];
    // Keras's mask of scores [2, 3, 4] is [1, 3, 4] and broadcasts.
    const shape = inputs.scores_shape?.with(0, 1) ?? [
      inputs.query_mask!.length,
      (inputs.query_mask![0] as Masks).length,
      (inputs.value_mask![0] as Masks).length,
    ];
    return { mask: shown(both(...masks), shape) };
  },
  window_mask({ inputs: { length }, config }) {
    // Keras counts the position itself as part of the window, Heed the positions beside it.
    const beside = config.sliding_window - 1;
    const window = slidingWindow({ left: beside, right: beside });
    return { mask: shown(config.causal ? both(window, causal()) : window, [length, length]) };
  },
};

function expectOutputs({ expected, tolerance: { atol, rtol } }: KerasCase, outputs: Outputs): void {
  for (const [name, values] of Object.entries(expected)) {
    expect(outputs[name].shape, name).toEqual(tf.tensor(values as number[]).shape);
    const wanted = flat(values);
    const actual = Array.from(outputs[name].dataSync());
    const off = actual.filter((value, i) => !(Math.abs(value - wanted[i]) <= atol + rtol * Math.abs(wanted[i])));
    expect(off, `${name} is ${actual} instead of ${wanted}`).toEqual([]);
  }
}

describe.each(BACKENDS)("Keras's literal cases on $name", (factory) => {
  useBackend(factory);
  const ran = new Set<string>();

  it.each(cases.map((test) => [test.id, test] as const))('%s', (id, test) => {
    expectNoLeak(() => tf.tidy(() => (expectOutputs(test, RUN[test.kind](test)), [])));
    ran.add(id);
  });

  it('has run all 39', () => {
    expect([...ran]).toEqual(cases.map(({ id }) => id));
    expect(ran.size).toBe(39);
  });
});
