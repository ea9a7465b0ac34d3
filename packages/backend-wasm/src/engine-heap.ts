import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';

/** Name of TensorFlow.js's engine, which this package extends. */
export const ENGINE = 'wasm';

/** Emscripten's names of the allocator's functions. */
export const MALLOC = '_malloc';
export const FREE = '_free';

interface Heap {
  cwrap(name: string, result: string | null, types: readonly string[]): Native;
  readonly tfjs: {
    registerTensor(id: number, size: number, address: number): void;
    disposeData(id: number): void;
  };
  readonly asm?: { readonly memory?: WebAssembly.Memory };
  readonly wasmMemory?: WebAssembly.Memory;
  [MALLOC](bytes: number): number;
  [FREE](address: number): void;
}

/** What a function of the heap is given: numbers, and short lists of numbers as bytes. */
export type Argument = number | boolean | Uint8Array | null;
/** A function of the engine's module. */
export type Native = (...given: Argument[]) => unknown;

/** What there is to know of what is done to the heap. */
export interface Watcher {
  /** The address of so many bytes, which `allocate` would give. */
  allocate(bytes: number, allocate: () => number): number;
  free(address: number, free: () => void): void;
  registered(id: number, address: number): void;
  /** A tensor's number is forgotten by the module. */
  forgets(id: number, forget: () => void): void;
  /** Numbers came from outside. */
  wrote(address: number, bytes: number): void;
  /** Numbers were looked at, or written, by something else than the heap's functions. */
  looked(): void;
  overwrites(tensor: TensorInfo): void;
  /** A function did its work. */
  called(work: Native, given: readonly Argument[], counts?: readonly number[]): void;
}

export interface WasmBackend extends tf.KernelBackend {
  readonly wasm: Heap;
  move(dataId: object, values: tf.BackendValues | null, ...more: unknown[]): void;
  readSync(dataId: object, ...more: unknown[]): tf.BackendValues;
  /** What the engine's kernels that work in JavaScript read and write. */
  typedArrayFromHeap(tensor: TensorInfo): object;
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: tf.DataType, memoryOffset: number): TensorInfo;
}

const HEAP_LIMIT = 2 ** 32;

interface Watched {
  watcher: Watcher | undefined;
  /** What to do when a tensor's numbers are given back. */
  readonly atEnd: WeakMap<object, Set<() => void>>;
}

const heaps = /* @__PURE__ */ new WeakMap<Heap, Watched>();

/** A heap whose allocations fail with an error, and which can be watched: it is made so when it is first asked for. */
export function watchedHeap(backend: WasmBackend, memory: WebAssembly.Memory): Watched {
  const known = heaps.get(backend.wasm);
  if (known !== undefined) return known;
  const watched: Watched = { watcher: undefined, atEnd: new WeakMap() };
  heaps.set(backend.wasm, watched);
  guardAllocations(backend.wasm, memory);
  watchAllocations(backend.wasm, watched);
  watchFunctions(backend.wasm, watched);
  watchNumbers(backend, watched);
  for (const { setupFunc } of tf.getKernelsForBackend(ENGINE)) setupFunc?.(backend);
  return watched;
}

function watchAllocations(heap: Heap, watched: Watched): void {
  const [allocate, free] = [heap[MALLOC], heap[FREE].bind(heap)];
  heap[MALLOC] = (bytes) => watched.watcher?.allocate(bytes, () => allocate(bytes)) ?? allocate(bytes);
  heap[FREE] = (address) => {
    if (watched.watcher === undefined) free(address);
    else watched.watcher.free(address, () => free(address));
  };
}

/** The engine's kernels get their functions by `cwrap` when they are set up; each function is one object from here on. */
function watchFunctions(heap: Heap, watched: Watched): void {
  const wrap = heap.cwrap.bind(heap);
  const wrapped = new Map<string, Native>();
  heap.cwrap = (name, result, types) => {
    const key = `${name}(${types.join()})`;
    const known = wrapped.get(key);
    if (known !== undefined) return known;
    const native = wrap(name, result, types);
    const told: Native = (...given) => {
      watched.watcher?.called(native, given);
      return native(...given);
    };
    wrapped.set(key, told);
    return told;
  };
}

function watchNumbers(backend: WasmBackend, watched: Watched): void {
  const { tfjs } = backend.wasm;
  const [register, forget] = [tfjs.registerTensor, tfjs.disposeData];
  tfjs.registerTensor = (id, size, address) => {
    watched.watcher?.registered(id, address);
    register(id, size, address);
  };
  tfjs.disposeData = (id) => {
    if (watched.watcher === undefined) forget(id);
    else watched.watcher.forgets(id, () => forget(id));
  };
  const dispose = backend.disposeData.bind(backend);
  backend.disposeData = (dataId, force) => {
    const isGone = dispose(dataId, force);
    if (isGone) watched.atEnd.get(dataId)?.forEach((tell) => tell());
    return isGone;
  };
  const [move, read] = [backend.move.bind(backend), backend.readSync.bind(backend)];
  backend.move = (dataId, values, ...more) => {
    move(dataId, values, ...more);
    if (values === null || watched.watcher === undefined) return;
    const { memoryOffset } = backend.dataIdMap.get(dataId);
    watched.watcher.wrote(memoryOffset, (values as Float32Array).byteLength ?? 0);
  };
  const view = backend.typedArrayFromHeap.bind(backend);
  backend.typedArrayFromHeap = (tensor) => {
    watched.watcher?.looked();
    return view(tensor);
  };
  backend.readSync = (dataId, ...more) => {
    watched.watcher?.looked();
    return read(dataId, ...more);
  };
}

/**
 * Makes an allocation that fails throw, the engine's own included, which doesn't look whether it got any and would write
 * over the start of the heap. It happens before the engine has noted anything of the tensor, so nothing is left behind.
 */
function guardAllocations(heap: Heap, memory: WebAssembly.Memory): void {
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

export function memoryOf(heap: Heap): WebAssembly.Memory | undefined {
  return heap.wasmMemory ?? heap.asm?.memory;
}

function outOfMemory(bytes: number): HeedError {
  return new HeedError('OUT_OF_MEMORY', {
    message: `@heed/backend-wasm: the heap of TensorFlow.js's engine '${ENGINE}' has no room for ${bytes} bytes more`,
    hint: 'a WebAssembly heap ends at 4 GiB, and the engine may stop earlier: use a smaller batch, or dispose of tensors',
    details: { bytes, limit: HEAP_LIMIT },
  });
}

export function isWasmBackend(backend: unknown): backend is WasmBackend {
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
