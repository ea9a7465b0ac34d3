// A training step among others, with nothing beside it, and times and calls of the wasm engine's kernels in it: `node bench/dist/profile.js [case…]`. The
// rest of the time is JavaScript of TensorFlow.js and Heed.
import * as tf from '@tensorflow/tfjs-core';
import { median } from './statistics.js';
import { openEngines } from './wasm/engines.js';
import { SUBJECTS, trainingSystem } from './wasm/training.js';

const ENGINE = 'wasm';
type Name = keyof typeof SUBJECTS;
const STEPS: Readonly<Record<Name, number>> = { 'train-g2p-small': 200, 'train-g2p': 8, 'train-generate': 8 };

const ROUNDS = 9;

const engines = await openEngines();
const wanted = process.argv.slice(2);
for (const name of Object.keys(SUBJECTS) as Name[]) {
  if (wanted.length === 0 || wanted.includes(name)) await profile(name, STEPS[name]);
}
await engines.dispose();

async function profile(name: Name, steps: number): Promise<void> {
  const system = await trainingSystem('heed-wasm', engines.heed(1)!, { ...SUBJECTS[name], steps });
  await system.run();
  const alone: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await system.run();
    alone.push((performance.now() - start) / steps);
  }
  const [low, high] = [Math.min(...alone), Math.max(...alone)];
  console.log(`${name}: ${median(alone).toFixed(2)} ms a step (${low.toFixed(2)}–${high.toFixed(2)})`);
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
  console.log(`Watched, ${step} ms, ${perStep(sum('ms'), 2)} ms of it in ${perStep(sum('calls'), 0)} kernels:`);
  console.table(used.map(({ kernel, calls, ms }) => ({ kernel, calls: perStep(calls, 1), ms: perStep(ms, 3) })));
  await system.dispose();
}
