import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import { defineAttentionHeatmap } from '@heed/heatmap/element';
import { loadKeras } from '@heed/keras';
import * as tf from '@tensorflow/tfjs'; // its layers, and gradients of its ops
import '@tensorflow/tfjs-backend-wasm';

const about = document.querySelector('#about');
const maps = document.querySelector('#maps');

defineAttentionHeatmap();
await selectBackend(wasm());
await show({ 'model.keras': new Uint8Array(await (await fetch('./model.keras')).arrayBuffer()) });

document.querySelector('input').addEventListener('change', async ({ target }) => {
  const files = [...target.files].map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())]);
  await show(Object.fromEntries(await Promise.all(files)));
});

/** Opens a model from its files, runs it on an example, and draws what each of its attention layers attended to. */
async function show(files) {
  maps.replaceChildren();
  let model;
  try {
    model = loadKeras(files);
  } catch (error) {
    about.textContent = error.message; // a HeedError, with the layer or the entry, and what to do
    return;
  }
  const inputs = model.inputs.map(exampleOf);
  const { outputs, attention } = model.attend(inputs);
  about.textContent = `${model.name}: ${model.countParams()} parameters; attention layers: ${model.attentionLayers.join(', ') || 'none'}.`;
  for (const { layer, weights } of attention) {
    const [, heads] = weights.shape;
    const rows = await weights.array();
    for (let head = 0; head < heads; head++) {
      const map = document.createElement('attention-heatmap');
      map.map = { title: `${layer}, head ${head + 1}`, weights: rows[0][head].map((row) => Float32Array.from(row)) };
      maps.append(map);
    }
  }
  tf.dispose([inputs, outputs, attention.map(({ weights }) => weights)]);
  model.dispose();
}

/** An input in the shape that a model takes: tokens 1, 2, 3, …, or waves. */
function exampleOf({ shape, dtype }) {
  const sizes = [1, ...shape.slice(1).map((length) => length ?? 6)];
  const count = sizes.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: count }, (_, n) => (dtype === 'int32' ? 1 + (n % 8) : Math.sin(n)));
  return tf.tensor(dtype === 'bool' ? values.map(() => 1) : values, sizes, dtype);
}
