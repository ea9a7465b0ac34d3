import { checkOptions, type AttentionBackend, type BackendFactory, type OptionNames } from '@heed/core';
import { attentionKernels } from './attention-kernels.js';
import { compileAhead } from './compile-ahead.js';
import { engineKernels } from './engine-kernels.js';
import { ENGINE, openEngine, unavailableReasons, type WebgpuEngine } from './engine.js';
import type { Gpu } from './gpu.js';
import { unsupportedReasons } from './limits.js';
import { NORMALIZERS } from './weighted/normalizers.js';

export type { Gpu } from './gpu.js';

export interface WebgpuOptions {
  /**
   * What opens adapters: by default `navigator.gpu` of a page or a worker, and in Node the npm package `webgpu` where it is installed. Of
   * another implementation for Node, the classes have to be on the global object.
   */
  readonly gpu?: Gpu;
  /**
   * Where there is no other adapter, compute on the processor: by the driver that the browser has for that, if it gives it away, and in Node
   * by that of an installed Chromium. No by default, as other backends are faster there.
   */
  readonly software?: boolean;
}

const OPTIONS: OptionNames<WebgpuOptions> = { gpu: true, software: true };

/**
 * The webgpu backend: TensorFlow.js's `webgpu` engine, in a browser with WebGPU or in Node with an implementation of it.
 *
 * @example
 * const backend = await selectBackend([webgpu(), webgl(), cpu()]);
 * @throws HeedError UNKNOWN_OPTION
 */
export function webgpu(options: WebgpuOptions = {}): BackendFactory {
  checkOptions('webgpu', options, OPTIONS);
  const choice = { ...options };
  return {
    name: 'webgpu',
    unavailableReasons: () => unavailableReasons(choice),
    create: async () => createBackend(await openEngine(choice)),
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
    compileAhead: (work) => compileAhead(engine, work),
    dispose: () => Promise.resolve(),
  };
}
