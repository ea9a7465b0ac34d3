import type { classifier, EncoderChoice, PoolingChoice } from '@heed/networks';
import type { Preset } from '../task.js';

type Settings = Preset<typeof classifier>;

// All presets have one budget: three passes over the mails of seed 1, about a minute on one core with the wasm backend.
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

const states: EncoderChoice = {
  kind: 'recurrent',
  cell: 'lstm',
  units: 32,
  layers: 1,
  bidirectional: true,
  besideInput: false,
};
const statesAndInput: EncoderChoice = { ...states, besideInput: true };

const preset = (title: string, pooling: PoolingChoice, encoder: EncoderChoice): Settings => ({
  title,
  model: {
    kind: 'classifier',
    embeddingWidth: 48,
    subwords: null,
    pooling,
    dropout: 0.5,
    encoder,
    hierarchical: encoder.kind !== 'none',
  },
  training,
});

export const presets: Readonly<Record<'hierarchical' | 'mean' | 'last' | 'bag', Settings>> = {
  hierarchical: preset('hierarchical attention', { kind: 'attentive', units: 64 }, statesAndInput),
  mean: preset('means of both levels, no attention', { kind: 'mean' }, statesAndInput),
  last: preset('last states of both levels, no attention', { kind: 'last' }, states),
  bag: preset('mean of the words, no attention', { kind: 'mean' }, { kind: 'none' }),
};
