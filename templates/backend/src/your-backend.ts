import type { AttentionBackend, BackendFactory, Declaration } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { kernels } from './kernels.js';

/** The TensorFlow.js engine whose tensors the kernels read and write. */
const ENGINE = 'cpu';

/**
 * Declaration of the parts and options that the kernels take: core runs other requests composed of the engine's own ops. Add a name
 * when every kernel handles it.
 */
const TAKES: Declaration = {
  masks: [], // 'band', 'lengths', 'segments', 'dense'
  biases: [], // 'dense', 'alibi', 'relative'
  normalizers: [], // 'softmax', …, of weightedContext
  options: [], // 'softCap', 'dropout', 'returnWeights'
};

/**
 * The your-backend backend on TensorFlow.js's `cpu` engine.
 *
 * @example
 * const backend = await selectBackend(yourBackend());
 */
export function yourBackend(): BackendFactory {
  return {
    name: 'your-backend',
    async unavailableReasons() {
      if (tf.findBackendFactory(ENGINE) == null) await import('@tensorflow/tfjs-backend-cpu');
      return tf.findBackendFactory(ENGINE) == null ? [`engine '${ENGINE}' is not registered`] : [];
    },
    async create(): Promise<AttentionBackend> {
      return {
        specVersion: 1,
        name: 'your-backend',
        engine: ENGINE,
        kernels,
        takes: TAKES,
        capabilities: {
          skips: [],
          simd: 'none',
          threads: 1,
          floatBits: 32,
          accumulatorBits: 32,
          deterministic: true,
          replaces: [],
          notes: [],
        },
        dispose: () => Promise.resolve(),
      };
    },
  };
}
