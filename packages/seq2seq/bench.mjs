// Training steps on words and their sounds, Heed's wasm backend against @tensorflow/tfjs-backend-wasm with everything
// composed, interleaved in one run: `node packages/seq2seq/bench.mjs [preset…] [--profile]` after a build. One JSON object a
// preset: the median over rounds of the peer's time divided by Heed's. With --profile, Heed's kernels by time instead.
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import '@tensorflow/tfjs-backend-wasm';
import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import { createSeq2Seq, createTrainer, presets } from '@heed/seq2seq';
import * as tf from '@tensorflow/tfjs-core';
import { findTask } from '../datasets/dist/index.js';

const HEED = 'wasm';
/** A second wasm engine, with the kernels TensorFlow.js came with; lookups there are products with one-hot rows. */
const PEER = 'wasm-plain';
const TARGET = 6;
const ROUNDS = 7;
/** Steps a round. */
const STEPS = { small: 25, standard: 2 };
const PROFILED = { small: 200, standard: 8 };
/** How far the losses may be apart, as a share. */
const AGREEMENT = 1e-4;

const PROFILE = '--profile';
const wanted = process.argv.slice(2).filter((word) => word !== PROFILE);
const task = findTask('g2p');
const { train, sourceSymbols, targetSymbols } = await task.load({ seed: 1 });
tf.registerBackend(PEER, tf.findBackendFactory(HEED));
tf.copyRegisteredKernels(HEED, PEER);
await tf.setBackend(PEER);
const backend = await selectBackend(wasm());
for (const [name, preset] of Object.entries(presets)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (process.argv.includes(PROFILE)) await profile(name, preset);
  else await compare(name, preset);
}
await backend.dispose();

async function compare(name, preset) {
  const heed = await createSide(HEED, preset);
  const peer = await createSide(PEER, preset);
  const rounds = [];
  for (let round = 0; round < ROUNDS + 1; round++) {
    const times = {};
    const losses = {};
    for (const side of round % 2 ? [heed, peer] : [peer, heed]) {
      const start = performance.now();
      losses[side.engine] = await side.run(STEPS[name]);
      times[side.engine] = (performance.now() - start) / STEPS[name];
    }
    losses[HEED].forEach((loss, n) => {
      if (!(Math.abs(loss - losses[PEER][n]) <= AGREEMENT * loss)) throw new Error(`${name}: the losses differ`);
    });
    if (round > 0) rounds.push(times); // the first round lets compilers settle
  }
  const ratios = rounds.map((times) => times[PEER] / times[HEED]);
  const measured = Number(median(ratios).toFixed(2));
  const [heedMs, peerMs] = [HEED, PEER].map((engine) => Number(median(rounds.map((t) => t[engine])).toFixed(2)));
  const spread = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => Number(ratio.toFixed(2)));
  console.log(
    JSON.stringify({
      case: `g2p-${name}-step`,
      target: TARGET,
      measured,
      met: measured >= TARGET,
      spread,
      heedMs,
      peerMs,
    }),
  );
  await heed.dispose();
  await peer.dispose();
}

/** Times and calls of kernels; what is left of a step is TensorFlow.js's and this package's own JavaScript. */
async function profile(name, preset) {
  const side = await createSide(HEED, preset);
  await side.run(PROFILED[name]);
  const kernels = new Map();
  const originals = tf.getKernelsForBackend(HEED);
  for (const config of originals) {
    const entry = { kernel: config.kernelName, calls: 0, ms: 0 };
    const kernelFunc = (args) => {
      const start = performance.now();
      const result = config.kernelFunc(args);
      entry.ms += performance.now() - start;
      entry.calls++;
      return result;
    };
    kernels.set(config.kernelName, entry);
    tf.unregisterKernel(config.kernelName, HEED);
    tf.registerKernel({ ...config, kernelFunc });
  }
  const start = performance.now();
  await side.run(PROFILED[name]);
  const perStep = (value, digits) => Number((value / PROFILED[name]).toFixed(digits));
  const step = perStep(performance.now() - start, 2);
  for (const config of originals) {
    tf.unregisterKernel(config.kernelName, HEED);
    tf.registerKernel(config);
  }
  const used = [...kernels.values()].filter(({ calls }) => calls > 0).toSorted((a, b) => b.ms - a.ms);
  const sum = (key) => used.reduce((total, entry) => total + entry[key], 0);
  console.log(`${name}: ${step} ms a step, ${perStep(sum('ms'), 2)} ms of it in ${perStep(sum('calls'), 0)} kernels`);
  console.table(used.map(({ kernel, calls, ms }) => ({ kernel, calls: perStep(calls, 1), ms: perStep(ms, 3) })));
  await side.dispose();
}

async function createSide(engine, { model: shape, training }) {
  await tf.setBackend(engine);
  const model = createSeq2Seq({ ...shape, sourceSymbols, targetSymbols, seed: 1 });
  const trainer = createTrainer(model, { train, validation: [] }, { ...training, seed: 1 });
  return {
    engine,
    async run(maxSteps) {
      await tf.setBackend(engine);
      const losses = [];
      await trainer.run({ maxSteps, onProgress: ({ loss }) => losses.push(loss) });
      return losses;
    },
    async dispose() {
      await tf.setBackend(engine);
      model.dispose();
    },
  };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
