// @heed/backend-wasm against @tensorflow/tfjs-backend-wasm, interleaved in one run: `node packages/backend-wasm/bench.mjs
// [case…]` after a build. One JSON object a case: the median over rounds of the peer's time divided by Heed's.
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import '@tensorflow/tfjs-backend-wasm';
import { additiveAttention, dotProductAttention, selectBackend } from '@heed/core';
import { wasm } from '@heed/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

const ROUNDS = 7;
/** A second wasm engine that keeps the kernels TensorFlow.js came with. */
const PEER = 'wasm-plain';
const HEED = 'wasm';

tf.registerBackend(PEER, tf.findBackendFactory(HEED));
tf.copyRegisteredKernels(HEED, PEER);
await tf.setBackend(PEER);
const backend = await selectBackend(wasm());

const fusedDotProduct = (query, key, value) => dotProductAttention(query, key, value).context;
const composedDotProduct = (query, key, value) =>
  tf.matMul(tf.softmax(tf.mul(tf.matMul(query, key, false, true), query.shape[3] ** -0.5)), value);

const fusedAdditive = (query, key, vector, value) => additiveAttention(query, key, vector, value).context;
const composedAdditive = (query, key, vector, value) => {
  const [batch, queries, units] = query.shape;
  const hidden = tf.tanh(tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1)));
  const scores = tf.matMul(tf.reshape(hidden, [-1, units]), tf.reshape(vector, [units, 1]));
  return tf.matMul(tf.softmax(tf.reshape(scores, [batch, queries, key.shape[1]])), value);
};

/** The gradients in all inputs, given that in the output: the last tensor. */
const withGradients =
  (compute) =>
  (...tensors) =>
    tf.grads(compute)(tensors.slice(0, -1), tensors.at(-1));
const matMul = (transposeA, transposeB) => (a, b) => tf.matMul(a, b, transposeA, transposeB);

const heads = (time, keys = time) => [
  [1, 8, time, 64],
  [1, 8, keys, 64],
  [1, 8, keys, 64],
];
const additive = [[64, 20, 128], [64, 20, 128], [128], [64, 20, 256]];
const square = [512, 512];

/** name: [shapes, Heed's, the peer's, target, runs a round] */
const CASES = {
  'dot-product-forward': [heads(512), fusedDotProduct, composedDotProduct, 15, 2],
  'dot-product-gradients': [
    [...heads(512), [1, 8, 512, 64]],
    withGradients(fusedDotProduct),
    withGradients(composedDotProduct),
    10,
    1,
  ],
  'dot-product-t32': [heads(32), fusedDotProduct, composedDotProduct, null, 100],
  'dot-product-one-query-4096': [heads(1, 4096), fusedDotProduct, composedDotProduct, null, 10],
  'additive-forward': [additive, fusedAdditive, composedAdditive, null, 3],
  'additive-gradients': [
    [...additive, [64, 20, 256]],
    withGradients(fusedAdditive),
    withGradients(composedAdditive),
    12,
    2,
  ],
  'mat-mul': [[square, square], matMul(false, false), matMul(false, false), null, 5],
  'mat-mul-transpose-a': [[square, square], matMul(true, false), matMul(true, false), null, 2],
  'mat-mul-transpose-b': [[square, square], matMul(false, true), matMul(false, true), null, 2],
  'mat-mul-batched': [
    [
      [4, ...square],
      [4, ...square],
    ],
    matMul(false, false),
    matMul(false, false),
    null,
    1,
  ],
};

const wanted = process.argv.slice(2);
for (const [name, [shapes, heed, peer, target, runs]] of Object.entries(CASES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const values = shapes.map((shape) => tf.tidy(() => tf.randomNormal(shape).dataSync()));
  const sides = [];
  for (const [engine, compute] of [
    [HEED, heed],
    [PEER, peer],
  ]) {
    await tf.setBackend(engine);
    sides.push({ engine, compute, tensors: values.map((data, n) => tf.tensor(data, shapes[n])) });
  }
  await checkAgreement(name, sides);
  const rounds = [];
  for (let round = 0; round < ROUNDS + 1; round++) {
    const times = {};
    for (const side of round % 2 ? sides : sides.toReversed()) times[side.engine] = await timeOf(side, runs);
    if (round > 0) rounds.push(times); // the first round lets compilers settle
  }
  tf.dispose(sides.map(({ tensors }) => tensors));
  const ratios = rounds.map((times) => times[PEER] / times[HEED]);
  const measured = Number(median(ratios).toFixed(2));
  const [heedMs, peerMs] = [HEED, PEER].map((engine) =>
    Number(median(rounds.map((times) => times[engine])).toFixed(2)),
  );
  const spread = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => Number(ratio.toFixed(2)));
  console.log(
    JSON.stringify({ case: name, target, measured, met: target && measured >= target, spread, heedMs, peerMs }),
  );
}
await backend.dispose();

/** Milliseconds a run; kernels of this engine are done when they return. */
async function timeOf({ engine, compute, tensors }, runs) {
  await tf.setBackend(engine);
  const start = performance.now();
  for (let n = 0; n < runs; n++) tf.dispose(tf.tidy(() => compute(...tensors)));
  return (performance.now() - start) / runs;
}

/** A comparison of different results would mean nothing. */
async function checkAgreement(name, sides) {
  const results = [];
  for (const { engine, compute, tensors } of sides) {
    await tf.setBackend(engine);
    const outputs = [tf.tidy(() => compute(...tensors))].flat();
    results.push(outputs.map((output) => output.dataSync()));
    tf.dispose(outputs);
  }
  const [ours, theirs] = results;
  ours.forEach((output, n) => {
    const size = output.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1);
    if (output.some((x, k) => !(Math.abs(x - theirs[n][k]) <= 1e-5 * size))) throw new Error(`${name}: results differ`);
  });
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
