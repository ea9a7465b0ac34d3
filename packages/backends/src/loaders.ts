import type { BackendFactory } from '@heed/core';
import type { BackendSettings } from './backend-facts.js';
import type { BackendName } from './facts.js';

/** Loads a backend's package, with the settings that it takes; the others are left out. */
export type Loader = (settings: BackendSettings) => Promise<BackendFactory>;

/**
 * How each backend is loaded: by an import of its own, written out, so that bundlers put it in a file that only its user loads.
 */
export const LOADERS: Readonly<Record<BackendName, Loader>> = {
  wasm: async ({ threads, allThreads }) =>
    (await import('@heed/backend-wasm')).wasm({ threads, threadsFrom: allThreads ? 0 : undefined }),
  webgl: async () => (await import('@heed/backend-webgl')).webgl(),
  webgpu: async ({ software }) => (await import('@heed/backend-webgpu')).webgpu({ software }),
  cpu: async () => (await import('@heed/backend-cpu')).cpu(),
};
