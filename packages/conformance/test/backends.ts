import { composed, type BackendFactory } from '@heed/core';
// By path: backends have this package among their development dependencies, and a cycle of packages can't be built.
import { cpu } from '../../backend-cpu/src/index.js';
import { wasm } from '../../backend-wasm/src/index.js';

/** Every backend that runs in Node, for tests that hold all of them against something. */
export const backends: readonly BackendFactory[] = [
  wasm(),
  cpu(),
  composed({ engine: 'cpu', load: () => import('@tensorflow/tfjs-backend-cpu') }),
];
