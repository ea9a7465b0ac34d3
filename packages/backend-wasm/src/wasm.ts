import { HeedError, type AttentionBackend, type BackendFactory, type Capabilities, type OpRequest } from '@heed/core';
import { attentionKernels } from './attention-kernels.js';
import { ENGINE, openEngine, type WasmEngine } from './engine.js';
import { engineKernels } from './engine-kernels.js';
import { hasSimd, loadKernels, type Kernels } from './kernels.js';

export interface WasmOptions {
  /** Where to load the kernels from, such as a build of your own, instead of the bytes that the package holds. */
  readonly url?: string | URL;
  /** Engine kernels to leave as they are, by name, such as `['Softmax']`. */
  readonly keep?: readonly string[];
}

/**
 * The wasm backend: SIMD kernels for attention, forward and backward, inside the heap of TensorFlow.js's `wasm` engine,
 * without copies; and fast kernels in place of some of the engine's own.
 *
 * @example
 * const backend = await selectBackend([wasm(), cpu()]);
 */
export function wasm({ url, keep = [] }: WasmOptions = {}): BackendFactory {
  return {
    name: 'wasm',
    async unavailableReasons() {
      if (!hasSimd()) return ['WebAssembly here has no SIMD, which the kernels are made of'];
      try {
        await openEngine();
        return [];
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)];
      }
    },
    async create() {
      const engine = await openEngine();
      return createBackend(engine, await loadKernels(engine.memory, url), keep);
    },
  };
}

function createBackend(engine: WasmEngine, kernels: Kernels, keep: readonly string[]): AttentionBackend {
  const replaced = engineKernels(engine, kernels);
  checkNames(
    keep,
    replaced.map(({ kernelName }) => kernelName),
  );
  const used = replaced.filter(({ kernelName }) => !keep.includes(kernelName));
  const capabilities: Capabilities = {
    fused: ['dotProductAttention', 'additiveAttention'],
    skips: ['band', 'lengths', 'segments'],
    simd: 'simd',
    threads: 1,
    floatBits: 32,
    accumulatorBits: 32,
    deterministic: true,
    replaces: used.map(({ kernelName }) => kernelName),
    notes: [
      'one thread: the kernels have no build with threads yet',
      'plain SIMD: the kernels have no build with fused multiply-add (relaxed SIMD) yet',
      "weightedContext runs composed of the engine's ops",
    ],
  };
  return {
    specVersion: 1,
    name: 'wasm',
    engine: ENGINE,
    capabilities,
    unsupportedReasons: ({ op }: OpRequest) =>
      capabilities.fused.includes(op) ? [] : [`op '${op}' has no fused kernel`],
    kernels: attentionKernels(engine, kernels),
    engineKernels: used,
    dispose: () => Promise.resolve(), // nothing is kept between calls
  };
}

function checkNames(keep: readonly string[], known: readonly string[]): void {
  const unknown = keep.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new HeedError('UNKNOWN_NAME', {
      message: `wasm({ keep }): ${unknown.join(', ')} isn't replaced`,
      hint: `the names are ${known.join(', ')}`,
    });
  }
}
