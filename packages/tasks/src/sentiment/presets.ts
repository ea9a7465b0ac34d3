import type { classifier, EncoderChoice, PoolingChoice } from '@heed/networks';
import type { Preset } from '../task.js';

type Settings = Preset<typeof classifier>;

// All presets have one budget: three passes over the 6,563 definitions of seed 1, about ten seconds on one core with the wasm
// backend. With so few examples, more passes only increase the error on other definitions.
const training: Settings['training'] = {
  steps: 600,
  batchSize: 32,
  learningRate: 0.003,
  warmupSteps: 50,
  schedule: 'linear',
  clipNorm: 5,
  labelSmoothing: 0,
  evaluateEvery: 50,
  validationExamples: 400,
  patience: 0,
};

const states: EncoderChoice = {
  kind: 'recurrent',
  cell: 'lstm',
  units: 24,
  layers: 1,
  bidirectional: true,
  besideInput: false,
};
const statesAndWords: EncoderChoice = { ...states, besideInput: true };
const words: EncoderChoice = { kind: 'none' };

const attention: PoolingChoice = { kind: 'attentive', units: 64 };

const preset = (title: string, pooling: PoolingChoice, encoder: EncoderChoice): Settings => ({
  title,
  model: {
    kind: 'classifier',
    embeddingWidth: 64,
    subwords: { buckets: 8192, shortest: 3, longest: 5 },
    encoder,
    pooling,
    hierarchical: false,
    dropout: 0.6,
  },
  training,
});

export const presets: Readonly<Record<'attentive' | 'attentiveBag' | 'mean' | 'last' | 'bag', Settings>> = {
  attentive: preset('self-attentive pooling', attention, statesAndWords),
  attentiveBag: preset('self-attentive pooling, words in no order', attention, words),
  mean: preset('mean of states and words, no attention', { kind: 'mean' }, statesAndWords),
  last: preset('last states, no attention', { kind: 'last' }, states),
  bag: preset('mean of words in no order, no attention', { kind: 'mean' }, words),
};
