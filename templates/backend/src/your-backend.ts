import type { AttentionBackend, BackendFactory, OpName } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { kernels } from './kernels.js';

/** The TensorFlow.js engine whose tensors the kernels read and write. */
const ENGINE = 'cpu';

/** Ops of which both passes are written. The others are declined, and run composed of the engine's own ops. */
const FUSED: readonly OpName[] = [];

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
        capabilities: {
          fused: FUSED,
          skips: [],
          simd: 'none',
          threads: 1,
          floatBits: 32,
          accumulatorBits: 32,
          deterministic: true,
          replaces: [],
          notes: [],
        },
        unsupportedReasons: ({ op }) => (FUSED.includes(op) ? [] : [`${op} has no kernel in this backend yet`]),
        kernels,
        dispose: () => Promise.resolve(),
      };
    },
  };
}
