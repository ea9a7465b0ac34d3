import { composed, type BackendFactory } from '@heed/core';
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';

/** Every backend that runs in Node, for tests that hold all of them against something. */
export const backends: readonly BackendFactory[] = [
  wasm(),
  cpu(),
  composed({ engine: 'cpu', load: () => import('@tensorflow/tfjs-backend-cpu') }),
];
