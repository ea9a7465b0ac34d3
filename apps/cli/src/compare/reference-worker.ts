import { parentPort, workerData } from 'node:worker_threads';
import { FLOORS, type Numbers } from '@heed/conformance';
import { composed, selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { OWN } from '../catalog.js';
import { mechanismsOf } from '../known.js';
import type { ModelWork, ReferenceWork } from './problem.js';
import { solveModel } from './solve.js';
import { solvePretrained } from './solve-pretrained.js';

/**
 * A thread that computes a model in float64, composed of TensorFlow.js's ops on its cpu engine, under a name that neither Heed's
 * kernels nor the models' own loops know. That engine keeps its numbers in Float32Arrays, which it takes from the global object
 * whenever it makes one: in a thread where nothing else runs, they can be Float64Arrays.
 */
const ENGINE = 'reference';

async function openEngine(): Promise<void> {
  tf.enableProdMode(); // its advice to install another package would land among the output
  const { MathBackendCPU } = await import('@tensorflow/tfjs-backend-cpu');
  tf.registerBackend(ENGINE, () => new MathBackendCPU());
  for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: ENGINE });
  await selectBackend(composed({ engine: ENGINE }));
}

/** Every parameter off by so many spacings of float32, up and down in turn. */
function nudged(work: ModelWork): ModelWork {
  const parameters = Object.entries(work.parameters).map(([key, { shape, data }]) => {
    const moved = Float32Array.from(data, (x, n) => x * (1 + (n % 2 === 0 ? NUDGE : -NUDGE)));
    return [key, { shape, data: moved }] as const;
  });
  return { ...work, parameters: Object.fromEntries(parameters) };
}

const NUDGE = FLOORS.float32.ulps * FLOORS.float32.epsilon;

const { work, config } = workerData as ReferenceWork;
const catalog = config === undefined ? OWN : await (await import('../config/load-config.js')).loadConfig(config);
const mechanisms = mechanismsOf(catalog);
const solve = (nudge: number): Promise<Numbers> =>
  work.kind === 'model'
    ? solveModel(nudge === 0 ? work : nudged(work), mechanisms)
    : solvePretrained(work, catalog.brought.families, nudge);
await openEngine();
globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
tf.env().platform.isTypedArray = ArrayBuffer.isView as (value: unknown) => value is Float32Array;
const numbers = { exact: await solve(0), nudged: await solve(NUDGE) };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node's has no origin
parentPort!.postMessage(numbers);
