import type { Preset } from '../task.js';

const training: Preset<'recurrent'>['training'] = {
  steps: 3000,
  batchSize: 64,
  learningRate: 0.004,
  warmupSteps: 100,
  schedule: 'cosine',
  clipNorm: 5,
  labelSmoothing: 0.1,
  evaluateEvery: 600,
  validationExamples: 200,
  patience: 0,
};

const model: Preset<'recurrent'>['model'] = {
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

export const presets: Readonly<Record<string, Preset<'recurrent'>>> = {
  attention: {
    title: 'additive attention, copying and coverage',
    // Without a loss of its own: one English piece is several of another language, and must be looked at as often.
    model: { ...model, copying: true, coverage: true, coverageLoss: 0 },
    training,
  },
  plain: { title: 'additive attention', model, training },
  none: {
    title: 'no attention',
    model: { ...model, attention: { kind: 'none' } },
    training,
  },
};
