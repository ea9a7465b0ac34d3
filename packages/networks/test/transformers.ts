import type { TransformerConfig } from '../src/transformer/config.js';

/** Small enough for tests. */
export function tinyTransformer(changes: Partial<TransformerConfig> = {}): TransformerConfig {
  return {
    kind: 'transformer',
    sourceSymbols: ['a', 'b', 'c', 'd'],
    targetSymbols: ['A', 'B', 'C', 'D'],
    seed: 3,
    width: 8,
    heads: 2,
    encoderLayers: 1,
    decoderLayers: 2,
    feedForwardWidth: 12,
    positions: 'sinusoidal',
    tiedEmbeddings: false,
    dropout: 0,
    ...changes,
  };
}

export const TRANSFORMERS: readonly (readonly [string, TransformerConfig])[] = [
  ['sines', tinyTransformer()],
  ['rotary, tied', tinyTransformer({ positions: 'rotary', tiedEmbeddings: true, encoderLayers: 2, decoderLayers: 1 })],
  ['copying, tied', tinyTransformer({ copying: true, tiedEmbeddings: true })],
];
