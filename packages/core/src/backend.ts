import type { KernelConfig } from '@tensorflow/tfjs-core';
import type { Declaration } from './declaration.js';
import type { AttentionKernels, OpRequest } from './ops/table.js';
import type { Recorder } from './replay/recorder.js';
import type { MaskParts } from './request.js';

/**
 * What a backend author implements. A backend is *not* responsible for validation, defaults, broadcasting of masks and
 * biases, the meaning of options, empty axes, gradients of anything but its own ops, disposal of its inputs, or for
 * requests that it doesn't declare or declines: core does all that before a kernel is called, and runs the composed form
 * where no kernel takes the request.
 */
export interface AttentionBackend {
  readonly specVersion: 1;
  /** 'cpu', 'wasm', … as shown to users. */
  readonly name: string;
  /** The TensorFlow.js engine it extends, as in `tf.setBackend(engine)`. */
  readonly engine: string;
  readonly capabilities: Capabilities;
  /** The ops that it has kernels for: any of core's, or none. */
  readonly kernels: AttentionKernels;
  /** What these kernels take of what a request may hold. */
  readonly takes: Declaration;
  /**
   * Why the kernels can't take a request that they should by `takes`: what only the backend can know, such as the sizes of
   * textures; `[]` means that they do. Asked for declared requests alone. Must not allocate or throw.
   */
  unsupportedReasons?(request: OpRequest): readonly string[];
  /**
   * Kernels of the engine itself that this backend replaces while it is selected (BatchMatMul, …). Core registers them
   * on selection and puts the engine's own back on dispose.
   */
  readonly engineKernels?: readonly EngineKernel[];
  /** Tensors on its engine are read by promises, somewhere by nothing else: what runs on it never waits. Absent: `dataSync` gives numbers. */
  readonly readsByPromise?: true;
  /**
   * Calls `work` with nothing being computed, and resolves when the programs that it met are compiled. Absent where nothing is compiled as it
   * is met, or where that can't be done ahead.
   */
  compileAhead?(work: () => void): Promise<void>;
  /** Does again what its engine did, without TensorFlow.js; absent where a call is always made anew. */
  readonly recorder?: Recorder;
  dispose(): Promise<void>;
}

/** A backend as `selectBackend` gives it. */
export interface SelectedBackend extends AttentionBackend {
  /**
   * Why a request would run composed, going by what the backend declares and then by what it knows; `[]` means fused.
   *
   * @throws HeedError DISPOSED
   */
  unsupportedReasons(request: OpRequest): readonly string[];
}

export interface BackendFactory {
  readonly name: string;
  /** Why it can't run here; `[]` means that it can. */
  unavailableReasons(): Promise<readonly string[]>;
  /** Loads and registers the engine, and makes the backend. Doesn't change the engine in use. */
  create(): Promise<AttentionBackend>;
}

export type EngineKernel = Pick<KernelConfig, 'kernelName' | 'kernelFunc'>;

/** How the kernels work: what a user may want to know, and the suite holds against what they do. */
export interface Capabilities {
  /** Parts of a mask for which kernels skip blocks instead of reading a tensor. */
  readonly skips: readonly Exclude<keyof MaskParts, 'dense'>[];
  readonly simd: 'none' | 'simd' | 'relaxed';
  readonly threads: number;
  /** Bits of a stored float, and of the accumulators. */
  readonly floatBits: 16 | 32;
  readonly accumulatorBits: 16 | 32 | 64;
  /** The same inputs give the same bits. */
  readonly deterministic: boolean;
  /** Names of engine kernels that are replaced. */
  readonly replaces: readonly string[];
  /** Anything else worth knowing, one sentence each: why there are no threads, which build was chosen. */
  readonly notes: readonly string[];
}
