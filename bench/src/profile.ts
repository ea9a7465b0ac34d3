// Times and calls of the wasm engine's kernels in a training step: `node bench/dist/profile.js [preset…]`. The rest of the time is
// JavaScript of TensorFlow.js and Heed.
import { presets } from '@heed/networks';
import * as tf from '@tensorflow/tfjs-core';
import { openEngines } from './wasm/engines.js';
import { trainingSystem, type Preset } from './wasm/training.js';

const ENGINE = 'wasm';
const STEPS: Readonly<Record<Preset, number>> = { small: 200, standard: 8 };

const engines = await openEngines();
const wanted = process.argv.slice(2);
for (const preset of Object.keys(presets) as Preset[]) {
  if (wanted.length === 0 || wanted.includes(preset)) await profile(preset, STEPS[preset]);
}
await engines.dispose();

async function profile(preset: Preset, steps: number): Promise<void> {
  const system = await trainingSystem('heed-wasm', engines.heed(1)!, preset, steps);
  await system.run();
  const kernels = new Map<string, { kernel: string; calls: number; ms: number }>();
  const originals = tf.getKernelsForBackend(ENGINE);
  for (const config of originals) {
    const entry = { kernel: config.kernelName, calls: 0, ms: 0 };
    kernels.set(config.kernelName, entry);
    tf.unregisterKernel(config.kernelName, ENGINE);
    tf.registerKernel({
      ...config,
      kernelFunc: (parameters) => {
        const start = performance.now();
        const result = config.kernelFunc(parameters);
        entry.ms += performance.now() - start;
        entry.calls++;
        return result;
      },
    });
  }
  const start = performance.now();
  await system.run();
  const perStep = (value: number, digits: number): number => Number((value / steps).toFixed(digits));
  const step = perStep(performance.now() - start, 2);
  for (const config of originals) {
    tf.unregisterKernel(config.kernelName, ENGINE);
    tf.registerKernel(config);
  }
  const used = [...kernels.values()].filter(({ calls }) => calls > 0).toSorted((a, b) => b.ms - a.ms);
  const sum = (key: 'calls' | 'ms'): number => used.reduce((total, entry) => total + entry[key], 0);
  console.log(`${preset}: ${step} ms a step, ${perStep(sum('ms'), 2)} ms of it in ${perStep(sum('calls'), 0)} kernels`);
  console.table(used.map(({ kernel, calls, ms }) => ({ kernel, calls: perStep(calls, 1), ms: perStep(ms, 3) })));
  await system.dispose();
}
