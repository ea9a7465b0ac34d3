import type { ClassifierConfig } from '../src/classifier/config.js';

export const recurrent = {
  kind: 'recurrent',
  cell: 'lstm',
  units: 3,
  layers: 1,
  bidirectional: true,
  besideInput: false,
} as const;
const attentive = { kind: 'attentive', units: 5 } as const;

/** Small enough for tests. */
export const tinyClassifier = (changes: Partial<ClassifierConfig> = {}): ClassifierConfig => ({
  kind: 'classifier',
  symbols: ['bad', 'good', 'not', 'the', 'very'],
  classes: ['no', 'perhaps', 'yes'],
  seed: 3,
  embeddingWidth: 4,
  subwords: null,
  encoder: recurrent,
  pooling: attentive,
  hierarchical: false,
  dropout: 0,
  ...changes,
});

export const CLASSIFIERS: readonly (readonly [string, ClassifierConfig])[] = [
  ['attention over states', tinyClassifier()],
  [
    'attention over states and words, letters',
    tinyClassifier({ encoder: { ...recurrent, besideInput: true }, subwords: { buckets: 7, shortest: 2, longest: 3 } }),
  ],
  ['attention over words', tinyClassifier({ encoder: { kind: 'none' } })],
  ['hierarchical attention, GRU', tinyClassifier({ encoder: { ...recurrent, cell: 'gru' }, hierarchical: true })],
  ['hierarchical attention over words', tinyClassifier({ encoder: { kind: 'none' }, hierarchical: true })],
  [
    'hierarchical means of two layers',
    tinyClassifier({ encoder: { ...recurrent, layers: 2 }, pooling: { kind: 'mean' }, hierarchical: true }),
  ],
  ['last states', tinyClassifier({ pooling: { kind: 'last' } })],
  ['mean of words', tinyClassifier({ encoder: { kind: 'none' }, pooling: { kind: 'mean' } })],
];
