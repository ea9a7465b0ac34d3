/// <reference lib="dom" />
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { openAdapter, openDevice, type OpenDevice } from './device.js';
import { guardedReads, listen, type Failures } from './failures.js';
import type { GpuChoice } from './gpu.js';

/**
 * Everything this package knows about the inner parts of tfjs-backend-webgpu 4.22.0: that its class takes a device that somebody else
 * opened; where a tensor's buffer is, how it comes from the engine's pool and goes back; and that commands are gathered in one encoder
 * with one open pass, which is sent after so many dispatches.
 */
export const ENGINE = 'webgpu';
const ENGINE_VERSION = '4.22.0';

/** What kernels need of the engine. Tensors made here are the caller's to release. */
export interface WebgpuEngine {
  readonly device: GPUDevice;
  /** What the device came from, held for as long as the engine is; undefined where somebody else opened it. */
  readonly source: OpenDevice | undefined;
  /** Words about the adapter, for people. */
  readonly adapter: string;
  readonly failures: Failures;
  /** A tensor's buffer, of 4 bytes a number: float32, or int32, which bool is too. It's uploaded first where it isn't on the GPU yet. */
  buffer(tensor: TensorInfo): GPUBuffer;
  /**
   * Whether a tensor's buffer holds whole numbers. It may though the tensor is float32: the engine casts int32 and bool without touching
   * the buffer.
   */
  holdsWhole(tensor: TensorInfo): boolean;
  /** A new tensor whose buffer is to be written. */
  create(shape: readonly number[]): TensorInfo;
  /** A new int32 tensor of numbers on the host. */
  upload(values: Int32Array): TensorInfo;
  release(tensor: TensorInfo): void;
  /** Whether programs are compiled and nothing is computed, as TensorFlow.js's flag for that says. */
  compilesOnly(): boolean;
  /** Calls `work` with that flag set; resolves when the engine's own programs that it met are compiled. */
  compileOnly(work: () => void): Promise<void>;
  /** The tensor once more, which shares its buffer, to be written over; undefined where others share it already, or it isn't of float32. */
  overwritable(tensor: TensorInfo): TensorInfo | undefined;
  /** Runs a pipeline on buffers, in the order of its bindings, and numbers. */
  dispatch(
    pipeline: GPUComputePipeline,
    tensors: readonly TensorInfo[],
    uniforms: ArrayBuffer,
    workgroups: Workgroups,
  ): void;
  /** Copies numbers from one tensor's buffer into another's. */
  copy(from: TensorInfo, fromNumber: number, to: TensorInfo, toNumber: number, count: number): void;
}

type Workgroups = readonly [x: number, y: number, z: number];

interface TensorData {
  values?: tf.BackendValues | null;
  readonly dtype: tf.DataType;
  resource?: unknown;
}

interface BufferManager {
  acquireBuffer(bytes: number, usage: number): GPUBuffer;
}

interface WebgpuBackend extends tf.KernelBackend {
  readonly device: GPUDevice;
  readonly tensorMap: { get(id: DataId): TensorData };
  readonly bufferManager: BufferManager;
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  commandQueueOwnedIds: WeakSet<DataId>;
  dispatchCountInPass: number;
  /** By a program's key: a promise of a pipeline that is being compiled ahead. */
  readonly pipelineCache: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>;
  readonly uniformPendingDisposal: GPUBuffer[];
  uploadToGPU(id: DataId): void;
  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: tf.BackendValues): TensorInfo;
  disposeData(id: DataId): boolean;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  read(id: DataId): Promise<tf.BackendValues>;
  readSync(id: DataId): tf.BackendValues;
}

/** Engines that were opened, by TensorFlow.js's instance: what listens to a device is set up once. */
const opened = new WeakMap<tf.KernelBackend, WebgpuEngine>();
let opening: Promise<unknown> = Promise.resolve();

/** Why the engine can't start here. */
export async function unavailableReasons(choice: GpuChoice): Promise<readonly string[]> {
  try {
    await openAdapter(choice);
    await loadModule();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Loads and starts the engine, anew where its device failed, without making it the one in use. */
export function openEngine(choice: GpuChoice): Promise<WebgpuEngine> {
  // One at a time: two calls at once would open two devices.
  const engine = opening.then(() => open(choice));
  opening = engine.catch(() => undefined);
  return engine;
}

async function open(choice: GpuChoice): Promise<WebgpuEngine> {
  const { WebGPUBackend } = await loadModule();
  const running = started();
  if (running !== undefined) {
    const engine = adopt(running);
    // One that failed before anybody listened doesn't say so: its promise of a loss does.
    if (!(await hasFailed(engine))) return engine;
  }
  const source = await openDevice(await openAdapter(choice));
  // In a page the import has registered a factory, which asks for its device in another way.
  if (tf.findBackendFactory(ENGINE) != null) tf.removeBackend(ENGINE);
  const backend = withNavigator(() => new WebGPUBackend(source.device, source.adapter.info));
  tf.registerBackend(ENGINE, () => backend as unknown as tf.KernelBackend, PRIORITY);
  return adopt(tf.findBackend(ENGINE), source);
}

/** That with which the engine registers itself. */
const PRIORITY = 3;

async function loadModule(): Promise<{ readonly WebGPUBackend: typeof WebGPUBackend }> {
  const module = await import('@tensorflow/tfjs-backend-webgpu');
  if (typeof module.WebGPUBackend !== 'function') throw incompatible('tfjs-backend-webgpu has no WebGPUBackend');
  return module;
}

/** The engine, where someone has started it, which `findBackend` would do. */
function started(): tf.KernelBackend | undefined {
  return (tf.engine() as unknown as { readonly registry: Readonly<Record<string, tf.KernelBackend>> }).registry[ENGINE];
}

async function hasFailed({ device, failures }: WebgpuEngine): Promise<boolean> {
  const isLost = await Promise.race([device.lost.then(() => true), new Promise((resolve) => setTimeout(resolve))]);
  return isLost === true || failures.any;
}

/** The engine's class looks for `navigator.gpu`, of which it needs nothing else. */
function withNavigator<T>(make: () => T): T {
  const home = globalThis as { navigator?: { gpu?: unknown } };
  if (home.navigator?.gpu !== undefined) return make();
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: {} }, configurable: true });
  try {
    return make();
  } finally {
    if (before === undefined) delete home.navigator;
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}

function adopt(backend: unknown, source?: OpenDevice): WebgpuEngine {
  if (!isWebgpuBackend(backend)) throw incompatible(`engine '${ENGINE}' is not that of tfjs-backend-webgpu`);
  let engine = opened.get(backend);
  if (engine === undefined) {
    engine = createEngine(backend, source);
    opened.set(backend, engine);
  }
  return engine;
}

function createEngine(backend: WebgpuBackend, source: OpenDevice | undefined): WebgpuEngine {
  const failures = listen(backend.device);
  Object.assign(backend, guarded(backend, failures), { uploadToGPU: keepingWhole(backend) });
  const bufferOf = ({ dataId }: TensorInfo): GPUBuffer => {
    backend.uploadToGPU(dataId);
    return backend.tensorMap.get(dataId).resource as GPUBuffer;
  };
  /** Its buffer mustn't go to others before the commands are sent. */
  const inUse = (tensors: readonly TensorInfo[]): void => {
    for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);
  };
  return {
    device: backend.device,
    source,
    adapter: describe(source?.adapter.info),
    failures,
    buffer: bufferOf,
    holdsWhole: ({ dataId }) => backend.tensorMap.get(dataId).dtype !== 'float32',
    create(shape) {
      const tensor = backend.makeTensorInfo([...shape], 'float32');
      backend.uploadToGPU(tensor.dataId);
      return tensor;
    },
    upload: (values) => backend.makeTensorInfo([values.length], 'int32', values),
    release: ({ dataId }) => void backend.disposeData(dataId),
    overwritable({ dataId, shape, dtype }) {
      const data = backend.tensorMap.get(dataId);
      if (backend.refCount(dataId) !== 1 || data.dtype !== 'float32') return undefined;
      backend.uploadToGPU(dataId);
      // What was read of it is on the host too.
      data.values = null;
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
    dispatch(pipeline, tensors, uniforms, [x, y, z]) {
      const { device } = backend;
      const buffers = tensors.map(bufferOf);
      const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM;
      const numbers = backend.bufferManager.acquireBuffer(uniforms.byteLength, usage);
      device.queue.writeBuffer(numbers, 0, uniforms);
      backend.uniformPendingDisposal.push(numbers);
      const entries = [...buffers, numbers].map((buffer, binding) => ({ binding, resource: { buffer } }));
      const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
      inUse(tensors);
      backend.ensureCommandEncoderReady();
      backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass();
      backend.computePassEncoder.setPipeline(pipeline);
      backend.computePassEncoder.setBindGroup(0, group);
      backend.computePassEncoder.dispatchWorkgroups(x, y, z);
      backend.dispatchCountInPass++;
      if (backend.dispatchCountInPass < tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) return;
      backend.endComputePassEncoder();
      backend.submitQueue();
    },
    compilesOnly,
    compileOnly: (work) => compileOnly(backend, work),
    copy(from, fromNumber, to, toNumber, count) {
      if (compilesOnly()) return;
      const [source, target] = [bufferOf(from), bufferOf(to)];
      inUse([from, to]);
      backend.ensureCommandEncoderReady();
      backend.endComputePassEncoder();
      backend.commandEncoder!.copyBufferToBuffer(source, 4 * fromNumber, target, 4 * toNumber, 4 * count);
    },
  };
}

function guarded(backend: WebgpuBackend, failures: Failures): Pick<WebgpuBackend, 'read' | 'readSync'> {
  const { read, readSync } = backend;
  const own = {
    dataOf: (id: DataId) => backend.tensorMap.get(id),
    read: (id: DataId) => read.call(backend, id),
    readSync: (id: DataId) => readSync.call(backend, id),
    compilesOnly,
  };
  return guardedReads(own, failures);
}

const COMPILE_ONLY = 'WEBGPU_ENGINE_COMPILE_ONLY';

const compilesOnly = (): boolean => tf.env().getBool(COMPILE_ONLY);

async function compileOnly({ pipelineCache }: WebgpuBackend, work: () => void): Promise<void> {
  const before = compilesOnly();
  tf.env().set(COMPILE_ONLY, true);
  const begun: [key: string, pipeline: Promise<GPUComputePipeline>][] = [];
  try {
    work();
  } finally {
    tf.env().set(COMPILE_ONLY, before);
    // The engine can't run a program whose pipeline is a promise: who needs it before that is kept compiles it once more.
    for (const [key, pipeline] of Object.entries(pipelineCache)) {
      if (!(pipeline instanceof Promise)) continue;
      delete pipelineCache[key];
      pipeline.catch(() => undefined);
      begun.push([key, pipeline]);
    }
  }
  await Promise.all(begun.map(async ([key, pipeline]) => (pipelineCache[key] ??= await pipeline)));
}

/**
 * Uploads as the engine does, but whole numbers that came from the host stay there too: they are lengths, ids and indices, which
 * something on the host may have to know, and which nothing writes over.
 */
function keepingWhole(backend: WebgpuBackend): (id: DataId) => void {
  const { uploadToGPU } = backend;
  return (id) => {
    const data = backend.tensorMap.get(id);
    const { values } = data;
    uploadToGPU.call(backend, id);
    if (data.dtype === 'int32' && values != null) data.values = values;
  };
}

function describe(info: GPUAdapterInfo | undefined): string {
  const words = [info?.vendor, info?.architecture, info?.device, info?.description].filter(
    (word, n, all) => word !== undefined && word !== '' && all.indexOf(word) === n,
  );
  return words.join(' ') || 'an adapter without a name';
}

/** A kernel that the engine has now. */
export const kernelOf = (kernelName: string): tf.KernelFunc => tf.getKernel(kernelName, ENGINE).kernelFunc;

function isWebgpuBackend(backend: unknown): backend is WebgpuBackend {
  const candidate = backend as Partial<WebgpuBackend> | null | undefined;
  const methods = ['uploadToGPU', 'makeTensorInfo', 'disposeData', 'submitQueue', 'endComputePassEncoder'] as const;
  return (
    methods.every((name) => typeof candidate?.[name] === 'function') &&
    typeof candidate?.tensorMap?.get === 'function' &&
    typeof candidate.bufferManager?.acquireBuffer === 'function' &&
    typeof candidate.pipelineCache === 'object' &&
    Array.isArray(candidate.uniformPendingDisposal) &&
    candidate.device !== undefined
  );
}

function incompatible(reason: string): HeedError {
  return new HeedError('ENGINE_INCOMPATIBLE', {
    message: `@heed/backend-webgpu: ${reason}`,
    hint: `install @tensorflow/tfjs-core and @tensorflow/tfjs-backend-webgpu ${ENGINE_VERSION}`,
    details: { expected: ENGINE_VERSION },
  });
}
