/// <reference lib="dom" />
import * as tf from '@tensorflow/tfjs-core';
import type { DataId, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { guardedReads } from './context-loss.js';

/**
 * Everything this package knows about the inner parts of tfjs-backend-webgl 4.22.0: where a tensor's texture is and how it
 * is laid out, how textures come from the engine's pool and go back, and that each of its own programs sets the
 * framebuffer, viewport, vertex array and program that it needs, so that others may change them.
 */
export const ENGINE = 'webgl';
const ENGINE_VERSION = '4.22.0';

/**
 * A tensor's texture. Packed: a texel holds rows r, r + 1 and columns c, c + 1 of the last two axes as (r,c), (r,c+1),
 * (r+1,c), (r+1,c+1), texels in row-major order; what it holds beyond the last row or column is unspecified. Flat: a texel
 * holds one number in its first component, in row-major order from `offset` on.
 */
interface TensorTexture {
  readonly texture: WebGLTexture;
  readonly packed: boolean;
  /** In texels. */
  readonly width: number;
  readonly height: number;
  readonly offset: number;
}

/** What kernels need of the engine. Tensors made here are the caller's to release. */
export interface WebglEngine {
  readonly gl: WebGL2RenderingContext;
  /** Bits of a number in a texture. */
  readonly floatBits: 16 | 32;
  readonly largestTexture: number;
  /** Whether the browser has taken the GPU away. */
  isLost(): boolean;
  /** Runs until the returned function is called: makes reads of tensors throw once the GPU is gone. */
  guardReads(): () => void;
  /** A tensor's texture, which has to be on the GPU already, as `upload` sees to. */
  texture(tensor: TensorInfo): TensorTexture;
  /**
   * Sees to it that a tensor is on the GPU. Where it isn't yet it becomes packed for `packFor`, or flat without that.
   * @returns the shape for which it is packed, if it is
   */
  upload(tensor: TensorInfo, packFor?: readonly number[]): readonly number[];
  /** A flat copy of a packed tensor. */
  unpacked(tensor: TensorInfo): TensorInfo;
  /** A new float32 tensor whose texture is to be written. */
  create(shape: readonly number[], layout: 'packed' | 'flat'): TensorInfo;
  release(tensor: TensorInfo): void;
  /** Whether no other tensor has the texture of this one. */
  isAlone(tensor: TensorInfo): boolean;
  /** The tensor once more, as an output that shares its texture. */
  again(tensor: TensorInfo): TensorInfo;
}

interface TextureData {
  shape: number[];
  /** Numbers that are not on the GPU, or not only. */
  values?: tf.BackendValues | null;
  isPacked?: boolean;
  texShape: [number, number];
  texture: { readonly texture: WebGLTexture } | null;
  readonly slice?: { readonly flatOffset: number } | null;
}

interface WebglBackend extends tf.KernelBackend {
  readonly gpgpu: { readonly gl: WebGL2RenderingContext };
  readonly texData: { get(id: DataId): TextureData };
  /** How many tensors read a part of another's texture, and that one. */
  readonly dataRefCount: { get(id: DataId): number | undefined };
  uploadToGPU(id: DataId): void;
  unpackTensor(tensor: TensorInfo): TensorInfo;
  makeTensorInfo(shape: number[], dtype: tf.DataType): TensorInfo;
  disposeIntermediateTensorInfo(tensor: TensorInfo): void;
  read(id: DataId): Promise<tf.BackendValues>;
  readSync(id: DataId): tf.BackendValues;
}

/** Loads and starts the engine, anew when its GPU was taken away, without making it the one in use. */
export async function openEngine(): Promise<WebglEngine> {
  const module = await import('@tensorflow/tfjs-backend-webgl');
  if (module.version_webgl !== ENGINE_VERSION) throw incompatible(`tfjs-backend-webgl is ${module.version_webgl}`);
  if (typeof WebGL2RenderingContext === 'undefined' || tf.env().getNumber('WEBGL_VERSION') !== 2) {
    throw new HeedError('BACKEND_UNAVAILABLE', {
      message: 'there is no WebGL 2 here',
      hint: 'open the page in a browser with WebGL 2; in Node, take the wasm or cpu backend',
    });
  }
  if (isStarted() && (tf.findBackend(ENGINE) as WebglBackend).gpgpu.gl.isContextLost()) tf.removeBackend(ENGINE);
  // The import registers the engine in a browser; this is for one that was removed since.
  if (tf.findBackendFactory(ENGINE) === null) tf.registerBackend(ENGINE, () => new module.MathBackendWebGL(), 2);
  const backend = tf.findBackend(ENGINE);
  if (!isWebglBackend(backend)) throw incompatible(`engine '${ENGINE}' is not that of tfjs-backend-webgl`);
  return createEngine(backend);
}

/** Whether someone has used the engine, which `findBackend` would start. */
function isStarted(): boolean {
  return ENGINE in (tf.engine() as unknown as { readonly registry: object }).registry;
}

function createEngine(backend: WebglBackend): WebglEngine {
  return {
    gl: backend.gpgpu.gl,
    // The engine's own floatPrecision() says 16 wherever 32 bits are sure.
    floatBits: tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') ? 32 : 16,
    largestTexture: tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE'),
    isLost: () => backend.gpgpu.gl.isContextLost(),
    guardReads: () => guardReads(backend),
    texture: ({ dataId }) => located(backend.texData.get(dataId)),
    upload({ dataId }, packFor) {
      const data = backend.texData.get(dataId);
      if (data.texture == null && packFor !== undefined) Object.assign(data, { isPacked: true, shape: [...packFor] });
      backend.uploadToGPU(dataId);
      return data.shape;
    },
    unpacked: (tensor) => {
      const copy = backend.unpackTensor({ ...tensor, shape: backend.texData.get(tensor.dataId).shape });
      backend.uploadToGPU(copy.dataId);
      return copy;
    },
    create(shape, layout) {
      const tensor = backend.makeTensorInfo([...shape], 'float32');
      backend.texData.get(tensor.dataId).isPacked = layout === 'packed';
      backend.uploadToGPU(tensor.dataId);
      return tensor;
    },
    release: (tensor) => backend.disposeIntermediateTensorInfo(tensor),
    isAlone: ({ dataId }) =>
      backend.refCount(dataId) === 1 &&
      backend.texData.get(dataId).slice == null &&
      (backend.dataRefCount.get(dataId) ?? 1) === 1,
    again: ({ dataId, shape, dtype }) => {
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
  };
}

function guardReads(backend: WebglBackend): () => void {
  const { read, readSync, texData } = backend;
  const own = {
    dataOf: (id: DataId) => texData.get(id),
    read: (id: DataId) => read.call(backend, id),
    readSync: (id: DataId) => readSync.call(backend, id),
  };
  const { stop, ...guarded } = guardedReads(own, backend.gpgpu.gl);
  Object.assign(backend, guarded);
  return () => {
    stop();
    // Another guard may have come on top, and stays.
    if (backend.read === guarded.read) Object.assign(backend, { read, readSync });
  };
}

/** A kernel that the engine has now. */
export const kernelOf = (kernelName: string): KernelFunc => tf.getKernel(kernelName, ENGINE).kernelFunc;

function located({ texture, texShape: [rows, columns], isPacked = false, slice }: TextureData): TensorTexture {
  const side = (length: number): number => (isPacked ? Math.max(1, Math.ceil(length / 2)) : length);
  return {
    texture: texture!.texture,
    packed: isPacked,
    width: side(columns),
    height: side(rows),
    offset: slice?.flatOffset ?? 0,
  };
}

function isWebglBackend(backend: unknown): backend is WebglBackend {
  const candidate = backend as Partial<WebglBackend> | null;
  const methods = ['uploadToGPU', 'unpackTensor', 'makeTensorInfo', 'disposeIntermediateTensorInfo'] as const;
  return (
    methods.every((name) => typeof candidate?.[name] === 'function') &&
    typeof candidate?.texData?.get === 'function' &&
    typeof candidate.dataRefCount?.get === 'function' &&
    candidate.gpgpu?.gl !== undefined
  );
}

function incompatible(reason: string): HeedError {
  return new HeedError('ENGINE_INCOMPATIBLE', {
    message: `@heed/backend-webgl: ${reason}`,
    hint: `install @tensorflow/tfjs-core and @tensorflow/tfjs-backend-webgl ${ENGINE_VERSION}`,
    details: { expected: ENGINE_VERSION },
  });
}
