import type { recurrent, transformer } from '@heed/networks';
import type { Preset } from '../task.js';

const training: Preset['training'] = {
  steps: 7000,
  batchSize: 32,
  learningRate: 0.005,
  warmupSteps: 200,
  schedule: 'cosine',
  clipNorm: 1,
  labelSmoothing: 0.05,
  evaluateEvery: 1000,
  validationExamples: 200,
  patience: 0,
};

const model: Preset<typeof recurrent>['model'] = {
  kind: 'recurrent',
  architecture: 'bahdanau',
  cell: 'lstm',
  embeddingWidth: 64,
  encoderUnits: 96,
  encoderLayers: 1,
  bidirectional: true,
  decoderUnits: 128,
  attention: { kind: 'additive', units: 64 },
  inputFeeding: false,
  output: 'tanh',
  outputUnits: 96,
  dropout: 0.1,
};

export const presets: Readonly<Record<string, Preset<typeof recurrent | typeof transformer>>> = {
  attention: {
    title: 'additive attention, copying and coverage',
    // The coverage loss is 0: one English piece may become several pieces, and must be attended to as often.
    model: { ...model, attention: { kind: 'coverage', units: 64 }, copying: true, coverageLoss: 0 },
    training,
  },
  plain: { title: 'additive attention', model, training },
  none: {
    title: 'no attention',
    model: { ...model, attention: { kind: 'none' } },
    training,
  },
  transformer: {
    title: 'transformer',
    model: {
      kind: 'transformer',
      width: 128,
      heads: 4,
      encoderLayers: 2,
      decoderLayers: 2,
      feedForwardWidth: 256,
      positions: 'sinusoidal',
      tiedEmbeddings: true,
      dropout: 0.1,
      copying: true,
    },
    // Training may diverge in the first steps (Vaswani et al. 2017, §5.3, has 4000 steps of warm-up for 100,000).
    training: { ...training, learningRate: 0.002, warmupSteps: 500 },
  },
};
