import type { recurrent, Seq2SeqConfig } from '@heed/networks';
import type { Preset } from '../task.js';

const model = {
  kind: 'recurrent',
  architecture: 'bahdanau',
  cell: 'gru',
  embeddingWidth: 32,
  encoderUnits: 64,
  encoderLayers: 1,
  bidirectional: true,
  decoderUnits: 128,
  inputFeeding: false,
  output: 'maxout',
  outputUnits: 64,
  dropout: 0,
} as const satisfies Partial<Seq2SeqConfig>;

const training: Preset<typeof recurrent>['training'] = {
  steps: 4000,
  batchSize: 64,
  learningRate: 0.004,
  warmupSteps: 100,
  schedule: 'cosine',
  clipNorm: 5,
  labelSmoothing: 0,
  evaluateEvery: 500,
  validationExamples: 1000,
  patience: 0,
};

/** Presets with the same budget: they differ only in their attention. */
export const datePresets = {
  standard: {
    title: "Bahdanau's additive attention",
    model: { ...model, attention: { kind: 'additive', units: 64 } },
    training,
  },
  none: { title: 'no attention', model: { ...model, attention: { kind: 'none' } }, training },
  multiHead: {
    title: 'multi-head attention',
    model: { ...model, attention: { kind: 'multiHead', heads: 4 } },
    training,
  },
} as const satisfies Record<string, Preset<typeof recurrent>>;
