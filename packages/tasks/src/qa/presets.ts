import type { memory } from '@heed/networks';
import type { Preset } from '../task.js';

/** Model of all presets, which differ in attention, so that its effect can be seen. */
const MODEL = {
  kind: 'memory',
  names: 24,
  facts: 20,
  factWords: 6,
  questionWords: 16,
  embeddingWidth: 48,
  units: 64,
  hops: 3,
  tying: 'none',
  attention: { kind: 'scaledDotProduct' },
  preferences: 8,
  supportWeight: 0.5,
  dropout: 0,
} as const;

const TRAINING = {
  steps: 20000,
  batchSize: 64,
  learningRate: 0.002,
  warmupSteps: 200,
  schedule: 'cosine',
  clipNorm: 5,
  labelSmoothing: 0,
  evaluateEvery: 1000,
  validationExamples: 1500,
  patience: 0,
} as const;

export const presets: Readonly<Record<string, Preset<typeof memory>>> = {
  memory: { title: 'three hops of attention', model: MODEL, training: TRAINING },
  weak: {
    title: 'three hops of attention, never shown which facts support',
    model: { ...MODEL, supportWeight: 0 },
    training: TRAINING,
  },
  oneHop: { title: 'one hop of attention', model: { ...MODEL, hops: 1 }, training: TRAINING },
  none: {
    title: 'no attention: the mean of the facts',
    model: { ...MODEL, attention: { kind: 'none' } },
    training: TRAINING,
  },
};
