import type { MemoryConfig } from '../src/memory/config.js';

/** Small enough for tests. */
export function tinyMemory(changes: Partial<MemoryConfig> = {}): MemoryConfig {
  return {
    kind: 'memory',
    symbols: ['is', 'in', 'where', 'has', 'what'],
    classes: ['nothing', 'yes'],
    names: 6,
    facts: 5,
    factWords: 3,
    questionWords: 3,
    seed: 3,
    embeddingWidth: 5,
    units: 7,
    hops: 2,
    tying: 'none',
    attention: { kind: 'scaledDotProduct' },
    preferences: 3,
    supportWeight: 0.5,
    dropout: 0,
    ...changes,
  };
}

export const MEMORY_NETWORKS: readonly (readonly [string, MemoryConfig])[] = [
  ['its own parameters for each hop', tinyMemory()],
  ['hops of the same parameters, dot product', tinyMemory({ tying: 'layerwise', attention: { kind: 'dot' }, hops: 3 })],
  ['no order of facts, one hop', tinyMemory({ preferences: 0, hops: 1, supportWeight: 0 })],
  ['no attention', tinyMemory({ attention: { kind: 'none' } })],
];
