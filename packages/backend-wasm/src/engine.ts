/// <reference lib="dom" />
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { bytesOf, type Heap } from './heap.js';
import { provideEngineFiles, type EngineFiles } from './engine-files.js';
import {
  ENGINE,
  FREE,
  MALLOC,
  isWasmBackend,
  memoryOf,
  watchedHeap,
  type Native,
  type WasmBackend,
  type Watcher,
} from './engine-heap.js';

/**
 * With engine-heap.ts, everything this package knows about the inner parts of tfjs-backend-wasm 4.22.0, which has no other way to reach a
 * tensor's numbers from a kernel: `wasm.asm.memory` (`wasm.wasmMemory` in the build with threads), `wasm._malloc` and
 * `wasm._free`, `dataIdMap.get(dataId).memoryOffset`, `makeOutput(shape, dtype, offset)` and `disposeData(dataId)`; and of
 * tfjs-core's engine, `pendingBackendInit` and `registry`.
 */
export { ENGINE };
export const ENGINE_VERSION = '4.22.0';

/** What a kernel needs of the engine. Addresses are byte offsets in `memory`, and hold until the tensor is disposed. */
export interface WasmEngine extends Heap {
  address(tensor: TensorInfo): number;
  /** A new tensor of unspecified content. */
  output(shape: readonly number[], dtype: tf.DataType): TensorInfo;
  /** Whether no other tensor has the numbers of this one. */
  isAlone(tensor: TensorInfo): boolean;
  /** The tensor once more, as an output that shares its numbers. */
  again(tensor: TensorInfo): TensorInfo;
  /** Takes back a tensor made inside a kernel. */
  release(tensor: TensorInfo): void;
  /** The address of so many bytes, until they are freed. */
  allocate(bytes: number): number;
  free(address: number): void;
  /**
   * Calls a function that does its work in the heap and knows nothing but its arguments: addresses, sizes. A kernel's work is made of such
   * calls, which may be done again later. The same function is the same object each time.
   *
   * @param counts which arguments grow by as much as what a step adds to a cache, such as the slot that it writes
   */
  call<T>(work: (...numbers: number[]) => T, numbers: readonly number[], counts?: readonly number[]): T;
  /** Writes bytes; it is one function for the life of the engine. */
  setBytes(address: number, bytes: Uint8Array): void;
  /** Says that a tensor's numbers are overwritten, which nothing else may share. */
  overwrites(tensor: TensorInfo): void;
  /** Tells a watcher of everything that happens to the heap, until it is undefined again. */
  watch(watcher: Watcher | undefined): void;
  /** A tensor over numbers that stand in the heap already, which it gives back when it is disposed of. */
  placed(address: number, shape: readonly number[], dtype: tf.DataType): TensorInfo;
  /** Calls a function when a tensor's numbers are given back; what is returned takes that back. */
  atEndOf(tensor: TensorInfo, tell: () => void): () => void;
  /** Runs one of the engine's own kernels that has a single output. */
  run(kernelName: string, inputs: NamedTensorInfoMap, attrs?: object): TensorInfo;
}

let opening: Promise<WasmEngine> | undefined;

/** Loads and starts the engine, without making it the one in use. */
export function openEngine(files: EngineFiles = 'embedded'): Promise<WasmEngine> {
  // One at a time: a second start would make TensorFlow.js drop the first.
  opening ??= open(files).finally(() => {
    opening = undefined;
  });
  return opening;
}

async function open(files: EngineFiles): Promise<WasmEngine> {
  const module = await import('@tensorflow/tfjs-backend-wasm');
  if (module.version_wasm !== ENGINE_VERSION) throw incompatible(`tfjs-backend-wasm is ${module.version_wasm}`);
  if (tf.findBackendFactory(ENGINE) === null) throw incompatible(`engine '${ENGINE}' was removed`);
  if (files === 'embedded' && !isStarted()) await provideEngineFiles(module);
  if (tf.findBackend(ENGINE) === null) {
    await (tf.engine() as unknown as { pendingBackendInit: Promise<boolean> | null }).pendingBackendInit;
  }
  const backend = tf.findBackend(ENGINE);
  if (backend === null) {
    throw new HeedError('BACKEND_UNAVAILABLE', {
      message: `TensorFlow.js's engine '${ENGINE}' did not start`,
      hint: "with engineFiles 'configured', serve its .wasm files and tell where with 'setWasmPaths'",
    });
  }
  if (!isWasmBackend(backend)) throw incompatible(`engine '${ENGINE}' is not that of tfjs-backend-wasm`);
  return createEngine(backend);
}

/** Whether someone has used the engine, which `findBackend` would start. */
function isStarted(): boolean {
  return ENGINE in (tf.engine() as unknown as { readonly registry: object }).registry;
}

const ALIGNMENT = 64; // a cache line, and more than a vector needs

function createEngine(backend: WasmBackend): WasmEngine {
  const heap = backend.wasm;
  const memory = memoryOf(heap)!;
  const watched = watchedHeap(backend, memory);
  const call: WasmEngine['call'] = (work, numbers, counts = []) => {
    const { watcher } = watched;
    if (watcher === undefined) return work(...numbers);
    watcher.called(work as Native, numbers, counts);
    watched.watcher = undefined; // what it calls is its own affair
    try {
      return work(...numbers);
    } finally {
      watched.watcher = watcher;
    }
  };
  const setIntegers = (address: number, ...numbers: number[]): void =>
    new Int32Array(memory.buffer, address, numbers.length).set(numbers);
  const setBytes = (address: number, bytes: Uint8Array): void => new Uint8Array(memory.buffer).set(bytes, address);
  return {
    memory,
    setBytes,
    address: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset,
    output: (shape, dtype) => {
      const bytes = Math.max(1, tf.util.sizeFromShape([...shape])) * tf.util.bytesPerElement(dtype);
      return backend.makeOutput([...shape], dtype, heap[MALLOC](bytes));
    },
    isAlone: ({ dataId }) => backend.refCount(dataId) === 1,
    again: ({ dataId, shape, dtype }) => {
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
    release: ({ dataId }) => {
      backend.disposeData(dataId);
    },
    allocate: (bytes) => heap[MALLOC](bytes),
    free: (address) => heap[FREE](address),
    withScratch: (bytes, use) => {
      const address = heap[MALLOC](bytes + ALIGNMENT);
      try {
        return use(Math.ceil(address / ALIGNMENT) * ALIGNMENT);
      } finally {
        heap[FREE](address);
      }
    },
    call,
    placed: (address, shape, dtype) => backend.makeOutput([...shape], dtype, address),
    atEndOf: ({ dataId }, tell) => {
      const tells = watched.atEnd.get(dataId) ?? new Set();
      watched.atEnd.set(dataId, tells.add(tell));
      return () => tells.delete(tell);
    },
    write: (address, numbers, grow = false) => {
      if (grow) {
        call(
          setIntegers,
          [address, ...numbers],
          Array.from(numbers, (_, n) => n + 1),
        );
      } else {
        setBytes(address, bytesOf(numbers));
        watched.watcher?.wrote(address, numbers.byteLength);
      }
    },
    overwrites: (tensor) => watched.watcher?.overwrites(tensor),
    watch: (watcher) => {
      watched.watcher = watcher;
    },
    run: (kernelName, inputs, attrs = {}) =>
      ownKernel(kernelName)({ inputs, attrs: attrs as NamedAttrMap, backend }) as TensorInfo,
  };
}

/** The engine's own kernel, also while it is replaced by one of `replacement`. */
function ownKernel(kernelName: string): KernelFunc {
  const config = tf.getKernel(kernelName, ENGINE);
  if (config === undefined) throw incompatible(`engine '${ENGINE}' has no kernel '${kernelName}'`);
  return replaced.get(config.kernelFunc) ?? boundToCaller(config);
}

/**
 * The engine's kernels call functions of whatever instance of it they were set up for last, which TensorFlow.js does on
 * `setBackend` for those in its registry only; one that is replaced has to be set up again in case there are two instances.
 */
function boundToCaller({ setupFunc, kernelFunc }: tf.KernelConfig): KernelFunc {
  return (args) => {
    setupFunc?.(args.backend as tf.KernelBackend);
    return kernelFunc(args);
  };
}

/** From a kernel that stands in for one of the engine's to the one it stands in for. */
const replaced = /* @__PURE__ */ new WeakMap<KernelFunc, KernelFunc>();

/** Makes a stand-in for an engine's kernel, given a way to run the kernel it replaces. */
export function replacement(kernelName: string, make: (original: KernelFunc) => KernelFunc): KernelFunc {
  const original = ownKernel(kernelName);
  const kernel = make(original);
  replaced.set(kernel, original);
  return kernel;
}

function incompatible(reason: string): HeedError {
  return new HeedError('ENGINE_INCOMPATIBLE', {
    message: `@heed/backend-wasm: ${reason}`,
    hint: `install @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm ${ENGINE_VERSION}`,
    details: { expected: ENGINE_VERSION },
  });
}
