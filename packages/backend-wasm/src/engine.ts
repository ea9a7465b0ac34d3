/// <reference lib="dom" />
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { provideEngineFiles, type EngineFiles } from './engine-files.js';

/**
 * Everything this package knows about the inner parts of tfjs-backend-wasm 4.22.0, which has no other way to reach a
 * tensor's numbers from a kernel: `wasm.asm.memory` (`wasm.wasmMemory` in the build with threads), `wasm._malloc` and
 * `wasm._free`, `dataIdMap.get(dataId).memoryOffset`, `makeOutput(shape, dtype, offset)` and `disposeData(dataId)`; and of
 * tfjs-core's engine, `pendingBackendInit` and `registry`.
 */
export const ENGINE = 'wasm';
export const ENGINE_VERSION = '4.22.0';

/** What a kernel needs of the engine. Addresses are byte offsets in `memory`, and hold until the tensor is disposed. */
export interface WasmEngine {
  /** One object for the life of the engine; its `buffer` is another one each time the heap grows. */
  readonly memory: WebAssembly.Memory;
  address(tensor: TensorInfo): number;
  /** A new tensor of unspecified content. */
  output(shape: readonly number[], dtype: 'float32' | 'int32'): TensorInfo;
  /** Whether no other tensor has the numbers of this one. */
  isAlone(tensor: TensorInfo): boolean;
  /** The tensor once more, as an output that shares its numbers. */
  again(tensor: TensorInfo): TensorInfo;
  /** Takes back a tensor made inside a kernel. */
  release(tensor: TensorInfo): void;
  /** Runs `use` with the address of that many bytes of the heap, aligned to 64, then frees them. */
  withScratch<T>(bytes: number, use: (address: number) => T): T;
  /** Runs one of the engine's own kernels that has a single output. */
  run(kernelName: string, inputs: NamedTensorInfoMap, attrs?: object): TensorInfo;
}

/** Emscripten's names of the allocator's functions. */
const MALLOC = '_malloc';
const FREE = '_free';

interface Heap {
  readonly asm?: { readonly memory?: WebAssembly.Memory };
  readonly wasmMemory?: WebAssembly.Memory;
  [MALLOC](bytes: number): number;
  [FREE](address: number): void;
}

interface WasmBackend extends tf.KernelBackend {
  readonly wasm: Heap;
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: tf.DataType, memoryOffset: number): TensorInfo;
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
const HEAP_LIMIT = 2 ** 32;

function createEngine(backend: WasmBackend): WasmEngine {
  const heap = backend.wasm;
  const memory = memoryOf(heap)!;
  guardAllocations(heap, memory);
  return {
    memory,
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
    withScratch: (bytes, use) => {
      const address = heap[MALLOC](bytes + ALIGNMENT);
      try {
        return use(Math.ceil(address / ALIGNMENT) * ALIGNMENT);
      } finally {
        heap[FREE](address);
      }
    },
    run: (kernelName, inputs, attrs = {}) =>
      ownKernel(kernelName)({ inputs, attrs: attrs as NamedAttrMap, backend }) as TensorInfo,
  };
}

const guarded = /* @__PURE__ */ new WeakSet<Heap>();

/**
 * Makes an allocation that fails throw, the engine's own included, which doesn't look whether it got any and would write
 * over the start of the heap. It happens before the engine has noted anything of the tensor, so nothing is left behind.
 */
function guardAllocations(heap: Heap, memory: WebAssembly.Memory): void {
  if (guarded.has(heap)) return;
  guarded.add(heap);
  heap[FREE](heap[MALLOC](1)); // the first call replaces the function by that of the module
  const allocate = heap[MALLOC].bind(heap);
  heap[MALLOC] = (bytes) => {
    // The allocator takes 2 GiB and more for a negative number when it looks whether the end of the heap wraps around, and
    // then hands out what is in use.
    const wraps = bytes >= HEAP_LIMIT / 2 && bytes + memory.buffer.byteLength >= HEAP_LIMIT;
    // Above 2 GiB, addresses come as negative numbers; 0 means that there is no room.
    const address = wraps ? 0 : allocate(bytes) >>> 0;
    if (address === 0) throw outOfMemory(bytes);
    return address;
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

function memoryOf(heap: Heap): WebAssembly.Memory | undefined {
  return heap.wasmMemory ?? heap.asm?.memory;
}

function isWasmBackend(backend: unknown): backend is WasmBackend {
  const { wasm, dataIdMap, makeOutput } = backend as Partial<WasmBackend>;
  return (
    wasm !== undefined &&
    memoryOf(wasm) instanceof WebAssembly.Memory &&
    typeof wasm[MALLOC] === 'function' &&
    typeof wasm[FREE] === 'function' &&
    typeof dataIdMap?.get === 'function' &&
    typeof makeOutput === 'function'
  );
}

function outOfMemory(bytes: number): HeedError {
  return new HeedError('OUT_OF_MEMORY', {
    message: `@heed/backend-wasm: the heap of TensorFlow.js's engine '${ENGINE}' has no room for ${bytes} bytes more`,
    hint: 'a WebAssembly heap ends at 4 GiB, and the engine may stop earlier: use a smaller batch, or dispose of tensors',
    details: { bytes, limit: HEAP_LIMIT },
  });
}

function incompatible(reason: string): HeedError {
  return new HeedError('ENGINE_INCOMPATIBLE', {
    message: `@heed/backend-wasm: ${reason}`,
    hint: `install @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm ${ENGINE_VERSION}`,
    details: { expected: ENGINE_VERSION },
  });
}
