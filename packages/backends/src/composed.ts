import type { BackendFactory } from '@heed/core';
import { BACKENDS, type Backend } from './backend.js';

/**
 * What an engine gives without a backend, which backends are compared with. No application would choose it, so it has an entry
 * of its own: bundlers look into every import that they meet.
 */
export const COMPOSED: Backend = {
  name: 'composed',
  package: '@heed/core',
  description: 'no kernels: every op composed of TensorFlow.js ops on its cpu engine',
  runsIn: 'anywhere',
  settings: {},
  load: async () =>
    (await import('@heed/core')).composed({ engine: 'cpu', load: () => import('@tensorflow/tfjs-backend-cpu') }),
};

/** Every backend of Heed, and last what there is without one. */
export const WITH_COMPOSED: readonly Backend[] = [...BACKENDS, COMPOSED];

/** Factories of all that run in Node, loaded: for tests that hold every one of them against something. */
export const loadAnywhere = (): Promise<BackendFactory[]> =>
  Promise.all(WITH_COMPOSED.filter(({ runsIn }) => runsIn === 'anywhere').map(({ load }) => load({})));
