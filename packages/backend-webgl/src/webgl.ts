import type { AttentionBackend, BackendFactory, Capabilities } from '@heed/core';
import { createDraw } from './draw.js';
import { ENGINE, openEngine, type WebglEngine } from './engine.js';
import { attentionKernels } from './kernels.js';

export interface WebglOptions {
  /**
   * Bytes that an array of scores may take on the GPU; a few of them are there at a time. Scores stand in textures between
   * passes, and larger problems are computed in parts, so that memory grows with T and not with T². Default: 32 MiB.
   */
  readonly scratchBytes?: number;
}

const SCRATCH_BYTES = 2 ** 25;

/**
 * The webgl backend: attention as fragment shaders on TensorFlow.js's `webgl` engine, for browsers with WebGL 2.
 *
 * @example
 * const backend = await selectBackend([webgl(), cpu()]);
 */
export function webgl({ scratchBytes = SCRATCH_BYTES }: WebglOptions = {}): BackendFactory {
  return {
    name: 'webgl',
    async unavailableReasons() {
      try {
        await openEngine();
        return [];
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)];
      }
    },
    create: async () => createBackend(await openEngine(), scratchBytes),
  };
}

function createBackend(engine: WebglEngine, scratchBytes: number): AttentionBackend {
  const draw = createDraw(engine);
  const capabilities: Capabilities = {
    fused: ['dotProductAttention', 'additiveAttention', 'weightedContext'],
    skips: ['band', 'lengths'],
    simd: 'none',
    threads: 1,
    floatBits: engine.floatBits,
    accumulatorBits: engine.floatBits,
    deterministic: true,
    replaces: [],
    notes: [],
  };
  return {
    specVersion: 1,
    name: 'webgl',
    engine: ENGINE,
    capabilities,
    unsupportedReasons: () => [],
    kernels: attentionKernels(engine, draw, scratchBytes),
    dispose: () => {
      draw.dispose();
      return Promise.resolve();
    },
  };
}
