/// <reference lib="dom" />
import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';

/**
 * Everything this package knows about the inner parts of tfjs-backend-webgl 4.22.0: `runWebGLProgram`,
 * `makeTensorInfo`, `disposeIntermediateTensorInfo`, `floatPrecision` and `gpgpu.gl` of its backend, and the names that its
 * shader compiler gives to what a program declares (see `program.ts`).
 */
export const ENGINE = 'webgl';
export const ENGINE_VERSION = '4.22.0';

export type UniformType = 'float' | 'int' | 'ivec2' | 'ivec3' | 'ivec4';

/** A fragment shader as the engine takes it. Programs with the same code and ranks share one compiled shader. */
export interface EngineProgram {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly userCode: string;
  readonly packedInputs: boolean;
  readonly packedOutput: boolean;
  readonly enableShapeUniforms: boolean;
  readonly customUniforms: { name: string; type: UniformType }[];
}

/** What a kernel needs of the engine. */
export interface WebglEngine {
  readonly gl: WebGL2RenderingContext;
  /** Bits of a number in a texture. */
  readonly floatBits: 16 | 32;
  /** Runs a shader over every texel of a new float32 tensor. */
  run(program: EngineProgram, inputs: readonly TensorInfo[], uniforms: number[][]): TensorInfo;
  /** A new float32 tensor of these numbers. */
  upload(shape: readonly number[], values: Float32Array): TensorInfo;
  /** Takes back a tensor made inside a kernel. */
  release(tensor: TensorInfo): void;
}

interface WebglBackend extends tf.KernelBackend {
  readonly gpgpu: { readonly gl: WebGLRenderingContext | WebGL2RenderingContext };
  runWebGLProgram(
    program: EngineProgram,
    inputs: readonly TensorInfo[],
    outputDtype: tf.DataType,
    uniforms: number[][],
  ): TensorInfo;
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): TensorInfo;
  disposeIntermediateTensorInfo(tensor: TensorInfo): void;
}

/** Loads and starts the engine, without making it the one in use. */
export async function openEngine(): Promise<WebglEngine> {
  const module = await import('@tensorflow/tfjs-backend-webgl');
  if (module.version_webgl !== ENGINE_VERSION) throw incompatible(`tfjs-backend-webgl is ${module.version_webgl}`);
  if (typeof WebGL2RenderingContext === 'undefined' || tf.env().getNumber('WEBGL_VERSION') !== 2) {
    throw new HeedError('BACKEND_UNAVAILABLE', {
      message: 'there is no WebGL 2 here',
      hint: 'open the page in a browser with WebGL 2; in Node, take the wasm or cpu backend',
    });
  }
  // The import registers the engine in a browser; this is for one that was removed since.
  if (tf.findBackendFactory(ENGINE) === null) tf.registerBackend(ENGINE, () => new module.MathBackendWebGL(), 2);
  const backend = tf.findBackend(ENGINE);
  if (!isWebglBackend(backend)) throw incompatible(`engine '${ENGINE}' is not that of tfjs-backend-webgl`);
  return createEngine(backend);
}

function createEngine(backend: WebglBackend): WebglEngine {
  return {
    gl: backend.gpgpu.gl as WebGL2RenderingContext,
    floatBits: backend.floatPrecision(),
    run: (program, inputs, uniforms) => backend.runWebGLProgram(program, inputs, 'float32', uniforms),
    upload: (shape, values) => backend.makeTensorInfo([...shape], 'float32', values),
    release: (tensor) => backend.disposeIntermediateTensorInfo(tensor),
  };
}

function isWebglBackend(backend: unknown): backend is WebglBackend {
  const candidate = backend as Partial<WebglBackend> | null;
  return (
    typeof candidate?.runWebGLProgram === 'function' &&
    typeof candidate.makeTensorInfo === 'function' &&
    typeof candidate.disposeIntermediateTensorInfo === 'function' &&
    typeof candidate.floatPrecision === 'function' &&
    candidate.gpgpu?.gl !== undefined
  );
}

function incompatible(problem: string): HeedError {
  return new HeedError('ENGINE_INCOMPATIBLE', {
    message: `@heed/backend-webgl: ${problem}`,
    hint: `install @tensorflow/tfjs-core and @tensorflow/tfjs-backend-webgl ${ENGINE_VERSION}`,
    details: { expected: ENGINE_VERSION },
  });
}
