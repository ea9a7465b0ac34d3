import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Recorded, Recording } from '@heed/core';
import { ENGINE, type Argument, type Native, type Watcher } from '../engine-heap.js';
import type { WasmEngine } from '../engine.js';
import { bytesOf, copyBytes, copyOf } from './places.js';
import { RECORDABLE } from './recordable.js';
import { WasmRecorded } from './recorded.js';
import { Regions, type Region } from './region.js';
import type { Call, Constant, Place, Trace } from './trace.js';

/**
 * What a recording may keep of the heap. What needs more is a batch of many rows, whose arithmetic takes longer than its bookkeeping; and a
 * function keeps one recording for each length of text.
 */
const MOST_BYTES = 2 ** 23;

/** A recording that is being made: it sees what is allotted, freed, written and called until it ends. */
export class WasmRecording implements Recording {
  readonly inputs: readonly TensorInfo[];
  readonly #engine: WasmEngine;
  readonly #before: WasmRecorded | undefined;
  readonly #watcher: Watcher;
  readonly #regions: Regions;
  readonly #calls: Call[] = [];
  readonly #constants: Constant[] = [];
  readonly #ids = new Map<number, number>();
  readonly #forgotten: (() => void)[] = [];
  readonly #readings = new Map<object, TensorInfo>();
  readonly #writings: TensorInfo[] = [];
  readonly #restoreKernels: () => void;
  #outputs: readonly Place[] = [];
  #reason: string | undefined;

  constructor(engine: WasmEngine, inputs: readonly TensorInfo[], before: WasmRecorded | undefined) {
    this.#engine = engine;
    this.#before = before;
    this.#regions = new Regions((address) => engine.free(address));
    before?.trace.regions.reset();
    this.#watcher = this.#createWatcher();
    this.#restoreKernels = this.#watchKernels();
    engine.watch(this.#watcher);
    this.inputs = inputs.map((input) => this.#copyOf(input));
  }

  spoil(reason: string): void {
    this.#reason ??= reason;
  }

  copies(outputs: readonly TensorInfo[]): TensorInfo[] {
    this.#outputs = outputs.map((output) => this.#placeOf(output));
    return this.#unwatched(() => this.#outputs.map((place) => copyOf(this.#engine, place)));
  }

  end(ahead: number): Recorded | string {
    this.#restoreKernels();
    this.#engine.watch(undefined);
    if (this.#regions.hasSurvivors) this.spoil('a tensor that it makes outlives it');
    if (this.#regions.bytes > MOST_BYTES) this.spoil('it needs much memory');
    const recorded = new WasmRecorded(this.#engine, this.#trace(), this.#forgotten);
    if (this.#before !== undefined && this.#reason === undefined) {
      const difference = recorded.completes(this.#before, ahead);
      if (difference !== undefined) this.spoil(difference);
    }
    this.#before?.dispose(this.#regions);
    if (this.#reason === undefined) return recorded;
    recorded.dispose();
    return this.#reason;
  }

  #trace(): Trace {
    return {
      inputs: this.inputs.map((input) => this.#inputPlaces.get(input)!),
      outputs: this.#outputs,
      calls: this.#calls,
      constants: this.#constants,
      ids: this.#ids,
      regions: this.#regions,
      readings: new Set(this.#readings.values()),
      writings: this.#writings,
    };
  }

  readonly #inputPlaces = new Map<TensorInfo, Place>();

  /** A copy in a region that is kept for the inputs of replays. */
  #copyOf(input: TensorInfo): TensorInfo {
    const { shape, dtype } = input;
    const bytes = bytesOf(input);
    const address = this.#allocate(Math.max(bytes, 1));
    this.#regions.get(address)!.isKept = true;
    copyBytes(this.#engine, this.#engine.address(input), address, bytes);
    const copy = this.#engine.placed(address, shape, dtype);
    this.#inputPlaces.set(copy, { address, shape, dtype, bytes });
    return copy;
  }

  #placeOf(tensor: TensorInfo): Place {
    return {
      address: this.#engine.address(tensor),
      shape: tensor.shape,
      dtype: tensor.dtype,
      bytes: bytesOf(tensor),
    };
  }

  #createWatcher(): Watcher {
    return {
      allocate: (bytes) => this.#allocate(bytes),
      free: (address, free) => {
        const region = this.#regions.get(address);
        if (region === undefined) free();
        else region.inUse = false;
      },
      registered: (id, address) => void this.#ids.set(id, address),
      forgets: (id, forget) => void (this.#ids.has(id) ? this.#forgotten.push(forget) : forget()),
      wrote: (address, bytes) => this.#keep(address, bytes),
      looked: () => this.spoil('it looks at numbers'),
      overwrites: (tensor) => void this.#writings.push(tensor),
      called: (work: Native, given: readonly Argument[], counts) =>
        void this.#calls.push({ work, given: [...given], counts }),
    };
  }

  /** Where the n-th allocation stood before, so that addresses are the same; or a region of its own. */
  #allocate(bytes: number): number {
    const earlier = this.#before?.trace.regions.at(this.#regions.count);
    if (earlier !== undefined && earlier.bytes === bytes && !earlier.inUse && !earlier.isKept) {
      return this.#regions.take(earlier);
    }
    if (this.#before !== undefined) this.spoil('it allots other memory');
    return this.#regions.take(this.#regions.reusable(bytes) ?? this.#newRegion(bytes));
  }

  #newRegion(bytes: number): Region {
    const address = this.#unwatched(() => this.#engine.allocate(bytes));
    return { address, bytes, uses: 0, inUse: true, isKept: false };
  }

  /** Keeps what was written from outside. A replay has to write it again where something else stood before. */
  #keep(address: number, bytes: number): void {
    if (bytes === 0) return;
    const written = new Uint8Array(this.#engine.memory.buffer, address, bytes).slice();
    const region = this.#regions.around(address);
    if (region === undefined) {
      this.spoil('it writes to what it did not make');
      return;
    }
    region.isKept = true;
    if (region.uses > 1)
      this.#calls.push({ work: this.#engine.setBytes as Native, given: [address, written], counts: [] });
    else this.#constants.push({ address, bytes: written });
  }

  /** Notes which of the engine's kernels run, and on which tensors; what is returned ends that. */
  #watchKernels(): () => void {
    const configs = tf.getKernelsForBackend(ENGINE);
    const kernels = configs.map(({ kernelFunc }) => kernelFunc);
    configs.forEach((config, n) => {
      config.kernelFunc = this.#watched(config.kernelName, kernels[n]!);
    });
    return () => configs.forEach((config, n) => (config.kernelFunc = kernels[n]!));
  }

  #watched(kernelName: string, kernel: KernelFunc): KernelFunc {
    const isRecordable = RECORDABLE.has(kernelName);
    return (args) => {
      if (!isRecordable) this.spoil(`kernel ${kernelName} can't be replayed`);
      for (const input of Object.values(args.inputs).flat() as (TensorInfo | undefined)[]) {
        if (input === undefined || this.#regions.get(this.#engine.address(input)) !== undefined) continue;
        this.#readings.set(input.dataId, input);
      }
      return kernel(args);
    };
  }

  #unwatched<T>(run: () => T): T {
    this.#engine.watch(undefined);
    try {
      return run();
    } finally {
      this.#engine.watch(this.#watcher);
    }
  }
}
