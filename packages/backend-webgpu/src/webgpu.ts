import { checkOptions, type AttentionBackend, type BackendFactory, type OptionNames } from '@heed/core';
import type { Gpu } from './device.js';
import { attentionKernels } from './attention-kernels.js';
import { engineKernels } from './engine-kernels.js';
import { ENGINE, openEngine, unavailableReasons, type WebgpuEngine } from './engine.js';
import { unsupportedReasons } from './limits.js';
import { NORMALIZERS } from './weighted/normalizers.js';

export type { Gpu } from './device.js';

export interface WebgpuOptions {
  /**
   * What opens adapters. In a page it is `navigator.gpu`, which is taken by itself; in Node what `create` of the npm package `webgpu`
   * gives, whose `globals` have to be on the global object.
   */
  readonly gpu?: Gpu;
}

const OPTIONS: OptionNames<WebgpuOptions> = { gpu: true };

/**
 * The webgpu backend: TensorFlow.js's `webgpu` engine, in a browser with WebGPU or in Node with an implementation of it.
 *
 * @example
 * const backend = await selectBackend([webgpu(), webgl(), cpu()]);
 * @throws HeedError UNKNOWN_OPTION
 */
export function webgpu(options: WebgpuOptions = {}): BackendFactory {
  checkOptions('webgpu', options, OPTIONS);
  const { gpu } = options;
  return {
    name: 'webgpu',
    unavailableReasons: () => unavailableReasons(gpu),
    create: async () => createBackend(await openEngine(gpu)),
  };
}

/** Numbers of a head that an invocation has in registers. */
const WIDEST = 128;

const LINEAR_OPTIONS = [
  'logDecay',
  'beta',
  'normalize',
  'lengths',
  'bidirectional',
  'initialState',
  'returnState',
] as const;

function createBackend(engine: WebgpuEngine): AttentionBackend {
  const replaced = engineKernels(engine);
  return {
    specVersion: 1,
    name: 'webgpu',
    engine: ENGINE,
    kernels: attentionKernels(engine),
    takes: {
      masks: ['band', 'lengths', 'segments', 'dense'],
      biases: ['dense', 'alibi', 'relative'],
      normalizers: Object.keys(NORMALIZERS),
      options: ['softCap', 'scoreHook', 'maskHook', 'weightHook', 'dropout', 'returnWeights', ...LINEAR_OPTIONS],
      limits: { width: WIDEST, valueWidth: WIDEST, units: WIDEST },
    },
    unsupportedReasons: (request) => unsupportedReasons(engine.device, request),
    engineKernels: replaced,
    capabilities: {
      skips: ['band', 'lengths'],
      simd: 'none',
      threads: 1,
      floatBits: 32,
      accumulatorBits: 32,
      deterministic: true,
      replaces: replaced.map(({ kernelName }) => kernelName),
      notes: [`computed by ${engine.adapter}`],
    },
    readsByPromise: true,
    dispose: () => Promise.resolve(),
  };
}
