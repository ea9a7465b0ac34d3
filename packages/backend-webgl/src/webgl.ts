import type { AttentionBackend, BackendFactory, Capabilities } from '@heed/core';
import { createDraw } from './draw.js';
import { ENGINE, openEngine, type WebglEngine } from './engine.js';
import { attentionKernels } from './kernels.js';

/**
 * The webgl backend: attention as fragment shaders on TensorFlow.js's `webgl` engine, for browsers with WebGL 2.
 *
 * @example
 * const backend = await selectBackend([webgl(), cpu()]);
 */
export function webgl(): BackendFactory {
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
    create: async () => createBackend(await openEngine()),
  };
}

function createBackend(engine: WebglEngine): AttentionBackend {
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
    kernels: attentionKernels(engine, draw),
    dispose: () => {
      draw.dispose();
      return Promise.resolve();
    },
  };
}
