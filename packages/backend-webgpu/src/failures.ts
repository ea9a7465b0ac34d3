/// <reference lib="dom" />
import type { BackendValues, DataId } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';

/** What went wrong on a device, of which WebGPU tells in events, long after the command that did it. */
export interface Failures {
  /** @throws HeedError CONTEXT_LOST, OUT_OF_MEMORY, DEVICE_ERROR */
  check(): void;
  /** Whether there was one, after which nothing that is on the device can be trusted. */
  readonly any: boolean;
  /** The error to throw instead of one that a promise of the device was rejected with. */
  after(error: unknown): Promise<unknown>;
}

/** Starts to listen. The first failure counts: those after it follow from it. */
export function listen(device: GPUDevice): Failures {
  let first: HeedError | undefined;
  device.addEventListener('uncapturederror', (event) => {
    first ??= errorOf((event as GPUUncapturedErrorEvent).error);
  });
  void device.lost.then(({ message, reason }) => {
    first = contextLost(message || reason);
  });
  return {
    check() {
      if (first !== undefined) throw first;
    },
    get any() {
      return first !== undefined;
    },
    async after(error) {
      // The promise of a loss is kept after those of what was lost with it.
      await new Promise((resolve) => setTimeout(resolve));
      return first ?? error;
    },
  };
}

/** How tensors are read. */
interface Reads {
  read(id: DataId): Promise<BackendValues>;
  readSync(id: DataId): BackendValues;
}

export interface Readable extends Reads {
  /** What the engine knows of a tensor; `values` are numbers that are on the host, or there too. */
  dataOf(id: DataId): { values?: BackendValues | null };
  /** Whether programs are compiled and nothing is computed. */
  compilesOnly(): boolean;
}

/**
 * Reads that throw after a failure. The engine reads on: zeros, or what was in a buffer before. Only reads can tell the user, as all that
 * was computed since may be as wrong.
 */
export function guardedReads(engine: Readable, failures: Failures): Reads {
  return {
    async read(id) {
      const data = engine.dataOf(id);
      if (data.values != null) return engine.read(id);
      failures.check();
      if (engine.compilesOnly()) throw nothingComputed();
      let values: BackendValues;
      try {
        values = await engine.read(id);
      } catch (error) {
        throw await failures.after(error);
      }
      if (failures.any) data.values = null;
      failures.check();
      return values;
    },
    readSync(id) {
      if (engine.dataOf(id).values != null) return engine.readSync(id);
      failures.check();
      if (engine.compilesOnly()) throw nothingComputed();
      // The engine draws a buffer into a canvas to read it at once.
      if (typeof OffscreenCanvas === 'undefined') throw needsPromise();
      const values = engine.readSync(id);
      failures.check();
      return values;
    },
  };
}

export function refusedProgram(error: unknown): HeedError {
  return deviceError(`a program: ${error instanceof Error ? error.message : String(error)}`);
}

function errorOf(error: GPUError): HeedError {
  if (error instanceof GPUOutOfMemoryError) {
    return new HeedError('OUT_OF_MEMORY', {
      message: `@heed/backend-webgpu: the GPU has no room for more (${error.message})`,
      hint: 'select the backend again, which starts the engine anew, and use a smaller batch',
    });
  }
  return deviceError(`a command: ${error.message}`);
}

function deviceError(refused: string): HeedError {
  return new HeedError('DEVICE_ERROR', {
    message: `@heed/backend-webgpu: the GPU refused ${refused}`,
    hint: 'select the backend again, which starts the engine anew; this is a fault of a kernel, so please report it',
  });
}

function contextLost(reason: string): HeedError {
  return new HeedError('CONTEXT_LOST', {
    message: `the GPU was taken away, with all that was on it (${reason})`,
    hint: 'select the backend again, which starts the engine anew, and go on from what you have elsewhere',
  });
}

function nothingComputed(): HeedError {
  return new HeedError('SYNCHRONOUS_READ', {
    message: 'a tensor was to be read while programs are compiled ahead, when nothing is computed',
    hint: 'leave what reads numbers out of what is compiled ahead',
  });
}

function needsPromise(): HeedError {
  return new HeedError('SYNCHRONOUS_READ', {
    message: 'a tensor on the GPU was to be read at once, and Node reads from a GPU by promises alone',
    hint: 'await tensor.data() first, after which its numbers are on the host too',
  });
}
