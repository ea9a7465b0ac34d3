import type { LanguageConfig, LstmLanguageConfig, TransformerLanguageConfig } from '../src/language/config.js';

export const SYMBOLS = [...'abcde'];
const common = { kind: 'language', symbols: SYMBOLS, seed: 5, dropout: 0 } as const;

export const tinyTransformerModel = (changes: Partial<TransformerLanguageConfig> = {}): TransformerLanguageConfig => ({
  ...common,
  architecture: 'transformer',
  layers: 2,
  window: 64,
  width: 8,
  heads: 2,
  feedForwardWidth: 12,
  tiedEmbeddings: false,
  ...changes,
});

export const tinyLstm = (changes: Partial<LstmLanguageConfig> = {}): LstmLanguageConfig => ({
  ...common,
  architecture: 'lstm',
  layers: 1,
  window: 64,
  embeddingWidth: 5,
  units: 6,
  outputUnits: 7,
  attention: { kind: 'none' },
  ...changes,
});

export const LANGUAGE_MODELS: readonly (readonly [string, LanguageConfig])[] = [
  ['transformer', tinyTransformerModel()],
  ['transformer, tied, with a window', tinyTransformerModel({ tiedEmbeddings: true, window: 3 })],
  [
    'transformer with QK-norm, gates and sinks',
    tinyTransformerModel({ attention: { kind: 'multiHead', heads: 2, qkNorm: 'head', gate: 'headwise', sinks: true } }),
  ],
  [
    'transformer with differential attention',
    tinyTransformerModel({ attention: { kind: 'differential', heads: 1 }, window: 3 }),
  ],
  ['transformer with linear attention', tinyTransformerModel({ attention: { kind: 'linear', heads: 2 } })],
  ['transformer with retention', tinyTransformerModel({ attention: { kind: 'retention', heads: 2 } })],
  [
    'transformer with the gated delta rule and a window',
    tinyTransformerModel({ attention: { kind: 'gatedDelta', heads: 2 }, window: 3 }),
  ],
  ['LSTM', tinyLstm()],
  ['LSTM of two layers with general attention', tinyLstm({ layers: 2, attention: { kind: 'general' } })],
  ['LSTM with additive attention and a window', tinyLstm({ attention: { kind: 'additive', units: 5 }, window: 3 })],
  ['LSTM with two heads', tinyLstm({ attention: { kind: 'multiHead', heads: 2 } })],
  ['LSTM with dot attention', tinyLstm({ attention: { kind: 'dot' } })],
];
