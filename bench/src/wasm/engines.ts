/// <reference lib="dom" />
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import '@tensorflow/tfjs-backend-wasm';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { wasm } from '@heed/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Compute, Input } from '../computations.js';
import { reselect } from '../reselect.js';
import type { System } from './system.js';

const HEED = 'wasm';
/** Name of a second wasm engine, with TensorFlow.js's own kernels. */
const PLAIN = 'wasm-plain';

export interface Engines {
  readonly simd: 'simd' | 'relaxed';
  /** Engine with Heed on this number of threads; undefined when so many aren't available. */
  heed(threads: number): Engine | undefined;
  /** Engine with the build of Heed's kernels that every machine runs, on one thread. */
  readonly plainSimd: Engine;
  readonly plain: Engine;
  /** Size of the heap of Heed's kernels, in bytes. */
  heapBytes(): number;
  dispose(): Promise<void>;
}

export interface Engine {
  /** Makes this the engine on which TensorFlow.js computes. */
  enter(): Promise<void>;
  /** System that computes on this engine from these inputs. */
  system(name: string, inputs: readonly Input[], compute: Compute): Promise<System>;
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
  const plainSimd = one.capabilities.simd === 'simd' ? one : await wasm({ threads: 1, simd: 'simd' }).create();
  const heed = (backend: AttentionBackend): Engine => engine(async () => void (await selectBackend(reselect(backend))));
  return {
    simd: one.capabilities.simd as 'simd' | 'relaxed',
    heed: (threads) => {
      const backend = backends.get(threads);
      return backend && heed(backend);
    },
    plainSimd: heed(plainSimd),
    plain: engine(async () => void (await tf.setBackend(PLAIN))),
    heapBytes: () => {
      const { wasm: heap } = tf.findBackend(HEED) as unknown as {
        wasm: { asm?: { memory: WebAssembly.Memory }; wasmMemory?: WebAssembly.Memory };
      };
      return (heap.wasmMemory ?? heap.asm!.memory).buffer.byteLength;
    },
    dispose: async () => {
      for (const backend of new Set([...backends.values(), plainSimd])) await backend.dispose();
    },
  };
}

function engine(enter: () => Promise<void>): Engine {
  return {
    enter,
    system: async (name, inputs, compute) => {
      await enter();
      const tensors = inputs.map(({ shape, values }) => tf.tensor(values, [...shape]));
      return {
        name,
        enter,
        // Kernels of these engines have finished when they return.
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
