import type { AttentionBackend, BackendFactory } from '@heed/core';

/** Factory that gives a backend which exists already, to select it again without loading anything. */
export const reselect = (backend: AttentionBackend): BackendFactory => ({
  name: backend.name,
  unavailableReasons: () => Promise.resolve([]),
  create: () => Promise.resolve(backend),
});
