import { wasm, type WasmOptions } from '@heed/backend-wasm';
import type { BackendFactory } from '@heed/core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';

/** Number of threads: more than the cores of most machines that run these tests, so that threads must wait for each other. */
export const THREADS = 3;

/** Backend whose threads use the shared heap of the engine's own build with threads. */
export function overSharedHeap(options: WasmOptions = {}): BackendFactory {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
  });
  return wasm({ engineFiles: 'configured', threads: THREADS, ...options });
}
