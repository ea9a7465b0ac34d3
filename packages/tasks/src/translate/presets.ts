import type { Preset } from '../task.js';

const training: Preset<'recurrent'>['training'] = {
  steps: 6000,
  batchSize: 32,
  learningRate: 0.003,
  warmupSteps: 200,
  schedule: 'cosine',
  clipNorm: 5,
  labelSmoothing: 0.1,
  evaluateEvery: 1000,
  validationExamples: 200,
  patience: 0,
};

const model: Preset<'recurrent'>['model'] = {
  kind: 'recurrent',
  architecture: 'bahdanau',
  cell: 'lstm',
  embeddingWidth: 64,
  encoderUnits: 128,
  encoderLayers: 1,
  bidirectional: true,
  decoderUnits: 192,
  attention: { kind: 'additive', units: 96 },
  inputFeeding: false,
  output: 'tanh',
  outputUnits: 128,
  dropout: 0.2,
};

export const presets: Readonly<Record<string, Preset<'recurrent'>>> = {
  plain: { title: "Bahdanau's additive attention", model, training },
  none: {
    title: 'no attention',
    model: { ...model, attention: { kind: 'none' } },
    training,
  },
};
