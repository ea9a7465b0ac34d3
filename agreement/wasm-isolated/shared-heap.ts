import { wasm, type WasmOptions } from '@heed/backend-wasm';
import type { BackendFactory } from '@heed/core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';

/** More than most machines that test this have cores, so that they also have to wait for one another. */
export const THREADS = 3;

/** Heed's threads over the shared heap of the engine's own build with threads. */
export function overSharedHeap(options: WasmOptions = {}): BackendFactory {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
  });
  return wasm({ engineFiles: 'configured', threads: THREADS, ...options });
}
