/// <reference lib="dom" />
import { Worker } from 'node:worker_threads';

/** Compiled assembly/ceiling.ts, for plain SIMD and for fused multiply–add. */
const BYTES = {
  simd: 'AGFzbQEAAAABCAFgA399fQF9AwIBAAUDAQAABxgCC211bHRpcGx5QWRkAAAGbWVtb3J5AgAK9AEB8QECD3sBfyAB/RMiECIFIQ4gAv0TIhEiBiEPIAUiAyIHIgkhCyAGIgQiCCIKIQwDQCAAIBJKBEAgBSAQIBH95gEiDf3kASEFIAYgDf3kASEGIA4gDf3kASEOIA8gDf3kASEPIAMgDf3kASEDIAQgDf3kASEEIAcgDf3kASEHIAggDf3kASEIIAkgDf3kASEJIAogDf3kASEKIAsgDf3kASELIAwgDf3kASEMIBJBAWohEgwBCwsgBSAG/eQBIA4gD/3kAf3kASADIAT95AH95AEgByAI/eQBIAkgCv3kAf3kASALIAz95AH95AH95AH9HwAL',
  relaxed:
    'AGFzbQEAAAABCAFgA399fQF9AwIBAAUDAQAABxgCC211bHRpcGx5QWRkAAAGbWVtb3J5AgAKhQIBggICDnsBfyAB/RMiBSEPIAL9EyIGIRAgBSIDIgciCSILIQ0gBiIEIggiCiIMIQ4DQCAAIBFKBEAgBSAGIA/9hQIhDyAFIAYgEP2FAiEQIAUgBiAD/YUCIQMgBSAGIAT9hQIhBCAFIAYgB/2FAiEHIAUgBiAI/YUCIQggBSAGIAn9hQIhCSAFIAYgCv2FAiEKIAUgBiAL/YUCIQsgBSAGIAz9hQIhDCAFIAYgDf2FAiENIAUgBiAO/YUCIQ4gEUEBaiERDAELCyAPIBD95AEgAyAE/eQB/eQBIAcgCP3kAf3kASAJIAr95AEgCyAM/eQB/eQBIA0gDv3kAf3kAf3kAf0fAAs=',
} as const;

/** Number of floating-point operations of one step of the loop: twelve vectors of four multiply–adds. */
const OPERATIONS = 12 * 4 * 2;
const STEPS = 50_000;

interface Loop {
  multiplyAdd(steps: number, x: number, y: number): number;
}

/** Time of a measurement, as of a turn of a system: both are interrupted as often on a busy machine. */
const LEAST_TIME = 60; // ms

/** Measures how many GFLOP/s a loop reaches that multiplies and adds registers and does nothing else. */
export function ceiling(simd: 'simd' | 'relaxed'): () => number {
  const { multiplyAdd } = instance(simd);
  return () => {
    const start = performance.now();
    let elapsed: number;
    let runs = 0;
    do {
      multiplyAdd(STEPS, 1e-3, 0.5);
      runs++;
      elapsed = performance.now() - start;
    } while (elapsed < LEAST_TIME);
    return (OPERATIONS * STEPS * runs) / elapsed / 1e6;
  };
}

/** Number of steps, for about ten milliseconds, like a large op. */
const SHARED_STEPS = 600_000;
/** Turns of a measurement, which takes about as long as a turn of another system. */
const TURNS = 5;

/**
 * Measures how many times faster two threads are at that loop than one: the gain from a second thread that this machine's cores
 * and scheduler allow.
 */
export function scaling(simd: 'simd' | 'relaxed'): { readonly measure: () => number; readonly dispose: () => void } {
  const { multiplyAdd } = instance(simd);
  const words = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)); // ticket, done
  const workerData = { bytes: Buffer.from(BYTES[simd], 'base64'), words, steps: SHARED_STEPS / 2 };
  const worker = new Worker(`(${helper.toString()})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData,
  });
  worker.unref();
  return {
    measure: () => {
      let [alone, together] = [0, 0];
      for (let turn = 0; turn < TURNS; turn++) {
        alone += timeAlone();
        together += timeTogether();
      }
      return alone / together;
    },
    dispose: () => void worker.terminate(),
  };

  function timeAlone(): number {
    const start = performance.now();
    multiplyAdd(SHARED_STEPS, 1e-3, 0.5);
    return performance.now() - start;
  }

  function timeTogether(): number {
    const start = performance.now();
    Atomics.store(words, 1, 0);
    Atomics.add(words, 0, 1);
    Atomics.notify(words, 0);
    multiplyAdd(SHARED_STEPS / 2, 1e-3, 0.5);
    Atomics.wait(words, 1, 0);
    return performance.now() - start;
  }
}

/** Function of the second thread, which runs its source text. */
function helper({ bytes, words, steps }: { bytes: Uint8Array<ArrayBuffer>; words: Int32Array; steps: number }): void {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  for (let ticket = 0; ;) {
    Atomics.wait(words, 0, ticket);
    ticket = Atomics.load(words, 0);
    (exports as unknown as Loop).multiplyAdd(steps, 1e-3, 0.5);
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
  }
}

function instance(simd: 'simd' | 'relaxed'): Loop {
  const module = new WebAssembly.Module(Buffer.from(BYTES[simd], 'base64'));
  return new WebAssembly.Instance(module).exports as unknown as Loop;
}
