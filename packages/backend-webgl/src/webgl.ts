import type { AttentionBackend, AttentionKernels, BackendFactory, Capabilities } from '@heed/core';
import { HeedError } from '@heed/core';
import { ENGINE, openEngine, type WebglEngine } from './engine.js';

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
  const capabilities: Capabilities = {
    fused: [],
    skips: [],
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
    unsupportedReasons: ({ op }) => [`op '${op}' has no shader yet`],
    kernels,
    dispose: () => Promise.resolve(),
  };
}

function declined(): never {
  throw new HeedError('BACKEND_INVALID', { message: 'no shader', hint: 'ask unsupportedReasons() before' });
}
const kernels: AttentionKernels = {
  dotProductAttention: declined,
  dotProductAttentionGrad: declined,
  additiveAttention: declined,
  additiveAttentionGrad: declined,
  weightedContext: declined,
  weightedContextGrad: declined,
};
