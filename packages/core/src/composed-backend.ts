import * as tf from '@tensorflow/tfjs-core';
import type { AttentionBackend, BackendFactory } from './backend.js';
import { checkOptions, type OptionNames } from '@heed/base';

export interface ComposedOptions {
  /** Name of the TensorFlow.js engine. */
  readonly engine: string;
  /** Registers the engine when it isn't yet, e.g. `() => import('@tensorflow/tfjs-backend-cpu')`. */
  readonly load?: () => Promise<unknown>;
}

const OPTIONS: OptionNames<ComposedOptions> = { engine: true, load: true };

/**
 * A backend without kernels, so that all ops run composed of an engine's own ops: the reference for what an engine without
 * kernels gives, and the fallback for engines that Heed has no backend for.
 *
 * @throws HeedError UNKNOWN_OPTION
 */
export function composed(options: ComposedOptions): BackendFactory {
  checkOptions('composed', options, OPTIONS);
  const { engine, load } = options;
  return {
    name: 'composed',
    async unavailableReasons() {
      if (tf.findBackendFactory(engine) == null) await load?.();
      return tf.findBackendFactory(engine) == null ? [`engine '${engine}' is not registered`] : [];
    },
    async create(): Promise<AttentionBackend> {
      return {
        specVersion: 1,
        name: 'composed',
        engine,
        kernels: {},
        takes: {},
        capabilities: {
          skips: [],
          simd: 'none',
          threads: 1,
          floatBits: 32,
          accumulatorBits: 32,
          deterministic: true,
          replaces: [],
          notes: [`every op is composed of the ops of engine '${engine}'`],
        },
        dispose: () => Promise.resolve(),
      };
    },
  };
}
