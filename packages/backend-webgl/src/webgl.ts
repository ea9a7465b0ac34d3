import { checkOptions, type AttentionBackend, type BackendFactory, type OptionNames } from '@heed/core';
import { createDraw } from './draw.js';
import { engineKernels } from './engine-kernels.js';
import { ENGINE, openEngine, type WebglEngine } from './engine.js';
import { attentionKernels } from './kernels.js';
import { NORMALIZERS } from './passes/normalizers.js';

export interface WebglOptions {
  /**
   * Bytes that an array of scores may take on the GPU; a few of them are there at a time. Scores stand in textures between
   * passes, and larger requests are computed in parts, so that memory grows with T and not with T². Default: 32 MiB.
   */
  readonly scratchBytes?: number;
}

const SCRATCH_BYTES = 2 ** 25;

const OPTIONS: OptionNames<WebglOptions> = { scratchBytes: true };

/**
 * The webgl backend: attention as fragment shaders on TensorFlow.js's `webgl` engine, for browsers with WebGL 2.
 *
 * @example
 * const backend = await selectBackend([webgl(), cpu()]);
 */
export function webgl(options: WebglOptions = {}): BackendFactory {
  checkOptions('webgl', options, OPTIONS);
  const { scratchBytes = SCRATCH_BYTES } = options;
  return {
    name: 'webgl',
    async unavailableReasons() {
      try {
        await openEngine();
        return [];
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)];
      }
    },
    create: async () => createBackend(await openEngine(), scratchBytes),
  };
}

const LINEAR_OPTIONS = [
  'logDecay',
  'beta',
  'normalize',
  'lengths',
  'bidirectional',
  'initialState',
  'returnState',
] as const;

function createBackend(engine: WebglEngine, scratchBytes: number): AttentionBackend {
  const draw = createDraw(engine);
  const unguard = engine.guardReads();
  const replaced = engineKernels(engine, draw, scratchBytes);
  return {
    specVersion: 1,
    name: 'webgl',
    engine: ENGINE,
    kernels: attentionKernels(engine, draw, scratchBytes),
    takes: {
      masks: ['band', 'lengths', 'segments', 'dense'],
      biases: ['dense', 'alibi', 'relative'],
      normalizers: Object.keys(NORMALIZERS),
      options: ['softCap', 'scoreHook', 'maskHook', 'weightHook', 'dropout', 'returnWeights', ...LINEAR_OPTIONS],
    },
    engineKernels: replaced,
    capabilities: {
      skips: ['band', 'lengths'],
      simd: 'none',
      threads: 1,
      floatBits: engine.floatBits,
      accumulatorBits: 32, // highp in every shader
      deterministic: true,
      replaces: replaced.map(({ kernelName }) => kernelName),
      notes: notesOn(engine),
    },
    dispose: () => {
      draw.dispose();
      if (!engine.isLost()) unguard(); // what was on a GPU that is gone stays unreadable
      return Promise.resolve();
    },
  };
}

function notesOn({ gl, floatBits, largestTexture }: WebglEngine): string[] {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  return [
    `drawn by ${renderer}, textures of up to ${largestTexture} × ${largestTexture}`,
    floatBits === 32
      ? '32-bit floats in textures'
      : '16-bit floats in textures, as the device draws to no others: scores are good to 3 digits, and end at ±65504',
  ];
}
