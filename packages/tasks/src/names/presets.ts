import type { language } from '@heed/networks';
import type { Preset } from '../task.js';

/** Training of all presets: they differ only in how they remember. */
const training: Preset<typeof language>['training'] = {
  steps: 2500,
  batchSize: 64,
  learningRate: 0.006,
  warmupSteps: 50,
  schedule: 'cosine',
  clipNorm: 1,
  labelSmoothing: 0,
  evaluateEvery: 250,
  validationExamples: 404,
  patience: 0,
};

const lstm = {
  kind: 'language',
  architecture: 'lstm',
  layers: 1,
  window: 32,
  dropout: 0.2,
  embeddingWidth: 32,
  units: 112,
  outputUnits: 64,
} as const;

/** Models of about 80 to 100 thousand parameters; each trains for up to two minutes on one core with the wasm backend. */
export const presets: Readonly<Record<string, Preset<typeof language>>> = {
  transformer: {
    title: 'causal self-attention',
    model: {
      kind: 'language',
      architecture: 'transformer',
      layers: 3,
      window: 32,
      dropout: 0.1,
      width: 64,
      heads: 4,
      feedForwardWidth: 128,
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
