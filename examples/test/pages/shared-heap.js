// Loads the engine's build with threads, whose heap Heed's threads share, from scripts that aren't minified, in an isolated page.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { dotProductAttention, selectBackend } from '@heed/core';
import { wasm } from '@heed/backend-wasm';

setWasmPaths('./engine/');
const results = [];
const notes = [];
for (const threads of [1, 4]) {
  const backend = await selectBackend(wasm({ engineFiles: 'configured', threads, threadsFrom: 0 }));
  notes.push(...backend.capabilities.notes);
  const numbers = [];
  for (let round = 0; round < 10; round++) {
    numbers.length = 0;
    const x = tf.tensor(
      Float32Array.from({ length: 6 * 100 * 20 }, (_, n) => Math.sin(n * 0.7)),
      [1, 6, 100, 20],
    );
    const attention = (q, k, v) => dotProductAttention(q, k, v).context;
    const tensors = tf.tidy(() => [attention(x, x, x), ...tf.grads(attention)([x, tf.sin(x), tf.cos(x)], x)]);
    for (const tensor of tensors) numbers.push(Array.from(await tensor.data()));
    tf.dispose([x, tensors]);
    await new Promise((resolve) => setTimeout(resolve, 50)); // threads start between tasks of the page
  }
  results.push(numbers);
  await backend.dispose();
}
const shared = tf.backend().wasm.wasmMemory?.buffer instanceof SharedArrayBuffer;
globalThis.result = {
  notes,
  shared,
  same: JSON.stringify(results[0]) === JSON.stringify(results[1]),
  first: results[1][0][0],
};
