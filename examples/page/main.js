import { dotProductAttention, ready, tf } from 'heed';
// Gradients of TensorFlow.js's own ops, which its core package doesn't register; imported after the core.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

const [heads, width] = [4, 16];

// The best backend that can run, or the one that the address names: ?backend=webgl. Only its engine is loaded.
const wanted = new URLSearchParams(location.search).get('backend');
const { name, capabilities } = await ready(wanted === null ? {} : { backend: wanted });
const { simd, threads, notes } = capabilities;
document.querySelector('#backend').textContent = `${name}: SIMD ${simd}, ${threads} threads. ${notes.join('; ')}.`;

const small = await attend(8);
show(small.weights);
const large = await attend(512);
const times = [];
for (let run = 0; run < 5; run++) times.push((await attend(512)).ms);
document.querySelector('#time').textContent =
  `Forward and backward over 512 positions in ${heads} heads: ${Math.min(...times).toFixed(1)} ms`;

// The numbers, for instance for the test of this page.
globalThis.result = { name, simd, threads, notes, isolated: globalThis.crossOriginIsolated === true, small, large };

/** Causal attention over `length` positions, and the gradient of its sum, weighted by position. */
async function attend(length) {
  const shape = [1, heads, length, width];
  const query = tf.tensor(wave(shape, 0.37), shape);
  const key = tf.tensor(wave(shape, 0.61), shape);
  const value = tf.tensor(wave(shape, 0.23), shape);
  const start = performance.now();
  const results = tf.tidy(() => {
    const { context, weights } = dotProductAttention(query, key, value, { causal: true, returnWeights: true });
    const attention = (q, k, v) => dotProductAttention(q, k, v, { causal: true }).context;
    const [dQuery, dKey, dValue] = tf.grads(attention)([query, key, value], value);
    return { context, weights, dQuery, dKey, dValue };
  });
  const numbers = {};
  for (const [output, tensor] of Object.entries(results)) {
    numbers[output] = Array.from((await tensor.data()).subarray(0, 1024));
  }
  const ms = performance.now() - start;
  tf.dispose([query, key, value, results]);
  return { ...numbers, ms };
}

function wave(shape, frequency) {
  return Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, n) => Math.sin(frequency * n));
}

/** Shows the weights of the first head; a larger weight is darker. */
function show(weights) {
  const table = document.querySelector('#weights');
  for (let row = 0; row < 8; row++) {
    const cells = table.insertRow();
    for (let column = 0; column < 8; column++) {
      const weight = weights[row * 8 + column];
      const cell = cells.insertCell();
      cell.textContent = weight.toFixed(2);
      cell.style.background = `rgb(30 90 200 / ${weight})`;
    }
  }
}
