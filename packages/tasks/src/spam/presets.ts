import type { PoolingChoice } from '@heed/seq2seq';
import type { Preset } from '../task.js';

type Settings = Preset<'classifier'>;

// One budget for all: three passes over the mails of seed 1, a few minutes on one core with the wasm backend.
const training: Settings['training'] = {
  steps: 800,
  batchSize: 16,
  learningRate: 0.004,
  warmupSteps: 50,
  schedule: 'linear',
  clipNorm: 5,
  labelSmoothing: 0,
  evaluateEvery: 100,
  validationExamples: 500,
  patience: 0,
};

const bidirectional = {
  kind: 'recurrent',
  cell: 'lstm',
  units: 32,
  layers: 1,
  bidirectional: true,
  besideInput: false,
} as const;

type Form = Pick<Settings['model'], 'encoder' | 'hierarchical'>;

const preset = (title: string, pooling: PoolingChoice, form: Form): Settings => ({
  title,
  model: { kind: 'classifier', embeddingWidth: 48, subwords: null, pooling, dropout: 0.3, ...form },
  training,
});

const byLevels: Form = { encoder: bidirectional, hierarchical: true };

export const presets: Readonly<Record<'hierarchical' | 'mean' | 'last' | 'bag', Settings>> = {
  hierarchical: preset('hierarchical attention', { kind: 'attentive', units: 64 }, byLevels),
  mean: preset('means of both levels, no attention', { kind: 'mean' }, byLevels),
  last: preset('last states of both levels, no attention', { kind: 'last' }, byLevels),
  bag: preset('mean of the words, no attention', { kind: 'mean' }, { encoder: { kind: 'none' }, hierarchical: false }),
};
