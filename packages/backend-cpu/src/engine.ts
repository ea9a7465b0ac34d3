import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';

/**
 * Everything this package knows about the inner parts of tfjs-backend-cpu 4.22.0, which has no other way to reach a
 * tensor's numbers from a kernel: `data.get(dataId).values`, `makeTensorInfo(shape, dtype, values)`,
 * `disposeIntermediateTensorInfo(info)`, `refCount(dataId)` and the `firstUse` flag.
 */
export const ENGINE = 'cpu';
export const ENGINE_VERSION = '4.22.0';

/** What a kernel needs of the engine. */
export interface CpuEngine {
  /** The numbers of a float32 tensor; not to be written to. */
  floats(tensor: TensorInfo): Float32Array;
  /** The 0s and 1s of a bool tensor; not to be written to. */
  bools(tensor: TensorInfo): Uint8Array;
  /** A new float32 tensor that owns `values`. */
  output(shape: readonly number[], values: Float32Array): TensorInfo;
  /** Whether no other tensor has the numbers of this one. */
  isAlone(tensor: TensorInfo): boolean;
  /** The tensor once more, as an output that shares its numbers. */
  again(tensor: TensorInfo): TensorInfo;
  /** Takes back a tensor made inside a kernel. */
  release(tensor: TensorInfo): void;
  /** Runs one of the engine's own kernels that has a single output. */
  run(kernelName: string, inputs: NamedTensorInfoMap, attrs?: object): TensorInfo;
}

interface CpuBackend extends tf.KernelBackend {
  firstUse: boolean;
  readonly data: { get(dataId: object): { readonly values: ArrayLike<number> } };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): TensorInfo;
  disposeIntermediateTensorInfo(tensor: TensorInfo): void;
}

/** Loads and starts the engine, without making it the one in use. */
export async function openEngine(): Promise<CpuEngine> {
  const module = await import('@tensorflow/tfjs-backend-cpu');
  if (module.version_cpu !== ENGINE_VERSION) {
    throw incompatible(`tfjs-backend-cpu is ${module.version_cpu}`);
  }
  // The import registers the engine; this is for one that was removed since.
  if (tf.findBackendFactory(ENGINE) === null) tf.registerBackend(ENGINE, () => new module.MathBackendCPU());
  if (!isCpuBackend(tf.findBackend(ENGINE))) {
    throw incompatible(`engine '${ENGINE}' is not that of tfjs-backend-cpu`);
  }
  // The engine's first tensor prints advice to install tfjs-node, which isn't for someone who chose this backend.
  instance().firstUse = false;
  return cpuEngine;
}

/** Looked up each time: TensorFlow.js makes a second instance when it picks an engine by itself after `findBackend`. */
function instance(): CpuBackend {
  return tf.findBackend(ENGINE) as CpuBackend;
}

const cpuEngine: CpuEngine = {
  floats: ({ dataId }) => {
    const { values } = instance().data.get(dataId);
    // `tf.cast` to float32 shares the int32 or bool data it came from.
    return values instanceof Float32Array ? values : Float32Array.from(values);
  },
  bools: ({ dataId }) => {
    const { values } = instance().data.get(dataId);
    return values instanceof Uint8Array ? values : Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  },
  output: (shape, values) => instance().makeTensorInfo([...shape], 'float32', values),
  isAlone: ({ dataId }) => instance().refCount(dataId) === 1,
  again: ({ dataId, shape, dtype }) => {
    instance().incRef(dataId);
    return { dataId, shape, dtype };
  },
  release: (tensor) => instance().disposeIntermediateTensorInfo(tensor),
  run: (kernelName, inputs, attrs = {}) =>
    ownKernel(kernelName)({ inputs, attrs: attrs as NamedAttrMap, backend: instance() }) as TensorInfo,
};

/** The engine's own kernel, also while it is replaced by one of `replacement`. */
function ownKernel(kernelName: string): KernelFunc {
  const registered = tf.getKernel(kernelName, ENGINE)?.kernelFunc;
  if (registered === undefined) throw incompatible(`engine '${ENGINE}' has no kernel '${kernelName}'`);
  return replaced.get(registered) ?? registered;
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

function isCpuBackend(backend: unknown): backend is CpuBackend {
  const candidate = backend as Partial<CpuBackend> | null;
  return (
    typeof candidate?.data?.get === 'function' &&
    typeof candidate.makeTensorInfo === 'function' &&
    typeof candidate.disposeIntermediateTensorInfo === 'function' &&
    typeof candidate.firstUse === 'boolean'
  );
}

function incompatible(reason: string): HeedError {
  return new HeedError('ENGINE_INCOMPATIBLE', {
    message: `@heed/backend-cpu: ${reason}`,
    hint: `install @tensorflow/tfjs-core and @tensorflow/tfjs-backend-cpu ${ENGINE_VERSION}`,
    details: { expected: ENGINE_VERSION },
  });
}
