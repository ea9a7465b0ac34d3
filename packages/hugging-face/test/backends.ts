import '@tensorflow/tfjs'; // registers the gradients of TensorFlow.js's own ops
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import { composed, selectBackend, type AttentionBackend, type BackendFactory } from '@heed/core';
import { afterAll, beforeAll } from 'vitest';

/** Fallback and fused kernels. */
export const BACKENDS: readonly BackendFactory[] = [composed({ engine: 'cpu' }), cpu(), wasm()];

export function useBackend(factory: BackendFactory): void {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(factory);
  });
  afterAll(() => backend.dispose());
}
