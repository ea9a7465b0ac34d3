export * from '@heed/attention';
export * from '@heed/core';
/** TensorFlow.js as Heed uses it, so that tensors come from the same copy without another install. */
export * as tf from '@tensorflow/tfjs-core';
export { BACKENDS, type BackendName } from './backends.js';
export { ready, type ReadyOptions } from './ready.js';
