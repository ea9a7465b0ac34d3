/// <reference lib="dom" />
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import '@tensorflow/tfjs-backend-wasm';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { wasm } from '@heed/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Compute, Input } from '../problems.js';
import { reselect } from '../reselect.js';
import type { System } from './system.js';

const HEED = 'wasm';
/** A second wasm engine that keeps the kernels TensorFlow.js came with. */
const PLAIN = 'wasm-plain';

export interface Engines {
  readonly simd: 'simd' | 'relaxed';
  /** Heed on so many threads; undefined where there can't be so many. */
  heed(threads: number): Engine | undefined;
  readonly plain: Engine;
  /** The heap that Heed's kernels work in. */
  heapBytes(): number;
  dispose(): Promise<void>;
}

export interface Engine {
  /** Makes it the one on which TensorFlow.js computes. */
  enter(): Promise<void>;
  /** What computes on it from these numbers. */
  system(name: string, problem: readonly Input[], compute: Compute): Promise<System>;
}

export async function openEngines(): Promise<Engines> {
  tf.registerBackend(PLAIN, tf.findBackendFactory(HEED));
  tf.copyRegisteredKernels(HEED, PLAIN);
  await tf.setBackend(PLAIN);
  const backends = new Map<number, AttentionBackend>();
  for (const threads of [1, 2]) {
    const backend = await wasm({ threads }).create();
    if (backend.capabilities.threads === threads) backends.set(threads, backend);
  }
  const one = backends.get(1)!;
  return {
    simd: one.capabilities.simd as 'simd' | 'relaxed',
    heed: (threads) => {
      const backend = backends.get(threads);
      return backend && engine(async () => void (await selectBackend(reselect(backend))));
    },
    plain: engine(async () => void (await tf.setBackend(PLAIN))),
    heapBytes: () => {
      const { wasm: heap } = tf.findBackend(HEED) as unknown as {
        wasm: { asm?: { memory: WebAssembly.Memory }; wasmMemory?: WebAssembly.Memory };
      };
      return (heap.wasmMemory ?? heap.asm!.memory).buffer.byteLength;
    },
    dispose: async () => {
      for (const backend of backends.values()) await backend.dispose();
    },
  };
}

function engine(enter: () => Promise<void>): Engine {
  return {
    enter,
    system: async (name, problem, compute) => {
      await enter();
      const tensors = problem.map(({ shape, values }) => tf.tensor(values, [...shape]));
      return {
        name,
        enter,
        // Kernels of these engines are done when they return.
        run: () => {
          const outputs = [tf.tidy(() => compute(...tensors))].flat();
          const results = outputs.map((output) => output.dataSync<'float32'>());
          tf.dispose(outputs);
          return Promise.resolve(results);
        },
        dispose: async () => {
          await enter();
          tf.dispose(tensors);
        },
      };
    },
  };
}
