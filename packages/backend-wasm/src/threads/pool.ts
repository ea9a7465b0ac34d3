import { areTallTilesKept } from '../tall-tiles.js';
import type { Kernels } from '../wasm-module.js';
import { WORD, type Job } from './control.js';
import { mayBlock, spawn, type Stop } from './spawn.js';

/** Threads over one shared memory, of which the caller's is one. */
export interface Pool {
  readonly threads: number;
  /** Runs all units; who runs which is left to chance, what they compute is not. */
  run(job: Job): void;
  dispose(): void;
}

/**
 * A pool of our own, as those of libraries answer by promises, and a kernel of TensorFlow.js has to be done when it returns.
 *
 * @param kernels  those of `module` over `memory` in the caller's thread
 * @param threads  2 or more
 */
export function createPool(
  kernels: Kernels,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
): Pool {
  const control = new Int32Array(new SharedArrayBuffer(Object.keys(WORD).length * Int32Array.BYTES_PER_ELEMENT));
  const blocking = mayBlock();
  let stops: Stop[] | undefined;

  return {
    threads,
    run(job) {
      // The first job starts them, and the caller goes ahead alone until they are there.
      stops ??= Array.from({ length: threads - 1 }, (_, n) =>
        spawn({ module, memory, control, word: WORD, tallTiles: Number(areTallTilesKept()), index: n + 1 }),
      );
      publish(control, job);
      try {
        work(kernels, control, job);
      } finally {
        Atomics.store(control, WORD.open, 0);
        let active = Atomics.load(control, WORD.active);
        while (active > 0) {
          if (blocking) Atomics.wait(control, WORD.active, active);
          active = Atomics.load(control, WORD.active);
        }
      }
      if (Atomics.load(control, WORD.failed) === 1) throw new Error('a kernel failed in another thread');
    },
    dispose() {
      Atomics.store(control, WORD.stop, 1);
      Atomics.add(control, WORD.ticket, 1);
      Atomics.notify(control, WORD.ticket);
      for (const stop of stops ?? []) stop();
      stops = [];
    },
  };
}

function publish(control: Int32Array, { backward, units, parts, request, scratch, stride }: Job): void {
  control[WORD.backward] = Number(backward);
  control[WORD.units] = units;
  control[WORD.parts] = parts;
  control[WORD.request] = request;
  control[WORD.scratch] = scratch;
  control[WORD.stride] = stride;
  Atomics.store(control, WORD.next, 0);
  Atomics.store(control, WORD.failed, 0);
  Atomics.store(control, WORD.open, 1);
  Atomics.add(control, WORD.ticket, 1);
  Atomics.notify(control, WORD.ticket);
}

function work(kernels: Kernels, control: Int32Array, { backward, units, parts, request, scratch }: Job): void {
  for (let unit = Atomics.add(control, WORD.next, 1); unit < units; unit = Atomics.add(control, WORD.next, 1)) {
    if (backward) kernels.backward(request, scratch, unit, unit + 1);
    else kernels.forward(request, scratch, parts, unit, unit + 1);
  }
}
