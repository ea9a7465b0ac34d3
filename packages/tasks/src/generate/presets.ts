import type { language } from '@heed/networks';
import type { Preset } from '../task.js';

/** Training of all presets: they differ only in how they remember. */
const training: Preset<typeof language>['training'] = {
  steps: 4800,
  batchSize: 8,
  learningRate: 0.006,
  warmupSteps: 100,
  schedule: 'cosine',
  clipNorm: 1,
  labelSmoothing: 0,
  evaluateEvery: 400,
  validationExamples: 300,
  patience: 0,
};

const lstm = {
  kind: 'language',
  architecture: 'lstm',
  layers: 1,
  window: 192,
  dropout: 0,
  embeddingWidth: 64,
  units: 256,
  outputUnits: 128,
} as const;

/** Models of about 400 thousand parameters; each trains for about twenty minutes on one core with the wasm backend. */
export const presets: Readonly<Record<string, Preset<typeof language>>> = {
  transformer: {
    title: 'causal self-attention',
    model: {
      kind: 'language',
      architecture: 'transformer',
      layers: 3,
      window: 192,
      dropout: 0,
      width: 128,
      heads: 4,
      feedForwardWidth: 256,
      tiedEmbeddings: false,
    },
    training,
  },
  lstm: { title: 'no attention (LSTM)', model: { ...lstm, attention: { kind: 'none' } }, training },
  lstmAttention: {
    title: 'LSTM with attention to its earlier states',
    model: { ...lstm, attention: { kind: 'general' } },
    training,
  },
};
