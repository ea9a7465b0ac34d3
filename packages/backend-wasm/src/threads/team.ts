import { isShared, instantiate, loadModule, type Kernels, type Simd } from '../wasm-module.js';
import type { Heap } from '../heap.js';
import { ownHeap } from './own-heap.js';
import { createPool, type Pool } from './pool.js';

/** Threads, and the memory that they share: the engine's own where that is shared, else one into which requests are copied. */
export interface Team {
  readonly heap: Heap;
  readonly kernels: Kernels;
  readonly pool: Pool;
}

export async function createTeam(engine: Heap, simd: Simd, threads: number, folder?: string | URL): Promise<Team> {
  const heap = isShared(engine.memory) ? engine : ownHeap();
  const module = await loadModule(`${simd}-threads`, folder);
  const kernels = await instantiate(module, heap.memory);
  return { heap, kernels, pool: createPool(kernels, module, heap.memory, threads) };
}

/** Why there can be no threads here; undefined when there can. */
export function threadsReason(): string | undefined {
  if (typeof SharedArrayBuffer === 'function') return undefined;
  return 'one thread: memory is shared only in pages that are isolated by the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy';
}
