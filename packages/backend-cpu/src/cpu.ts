import { checkOptions, type AttentionBackend, type BackendFactory } from '@heed/core';
import { attentionKernels } from './attention-kernels.js';
import { ENGINE, openEngine, type CpuEngine } from './engine.js';
import { matMulKernels } from './mat-mul-kernels.js';
import { cpuModelKernels } from './model/index.js';
import { normalizers } from './normalizers.js';
import { Workspace } from './workspace.js';

/** None yet: what is given is refused. */
export type CpuOptions = Readonly<Record<never, never>>;

/**
 * The cpu backend: fused attention kernels in plain TypeScript on TensorFlow.js's `cpu` engine, and fast matrix products
 * in place of the engine's own. It runs wherever JavaScript does.
 *
 * @example
 * const backend = await selectBackend(cpu());
 */
export function cpu(options: CpuOptions = {}): BackendFactory {
  checkOptions('cpu', options, {});
  return {
    name: 'cpu',
    async unavailableReasons() {
      try {
        await openEngine();
        return [];
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)];
      }
    },
    create: async () => createBackend(await openEngine()),
  };
}

/** Of `linearAttention`: all but `bidirectional`, which has no steps to pass over. */
const LINEAR_OPTIONS = ['logDecay', 'beta', 'normalize', 'lengths', 'initialState', 'returnState'] as const;

function createBackend(engine: CpuEngine): AttentionBackend {
  const workspace = new Workspace();
  const engineKernels = [...matMulKernels(engine, workspace), ...cpuModelKernels(engine, workspace)];
  return {
    specVersion: 1,
    name: 'cpu',
    engine: ENGINE,
    kernels: attentionKernels(engine, workspace),
    takes: {
      masks: ['band', 'lengths', 'segments', 'dense'],
      biases: ['dense', 'alibi', 'relative'],
      normalizers: Object.keys(normalizers),
      options: ['softCap', 'scoreHook', 'maskHook', 'dropout', 'returnWeights', ...LINEAR_OPTIONS],
    },
    engineKernels,
    capabilities: {
      skips: ['band', 'lengths', 'segments'],
      simd: 'none',
      threads: 1,
      floatBits: 32,
      accumulatorBits: 64,
      deterministic: true,
      replaces: engineKernels.map(({ kernelName }) => kernelName),
      notes: ['JavaScript has no SIMD and one thread; sums are float64'],
    },
    dispose: () => {
      workspace.clear();
      return Promise.resolve();
    },
  };
}
