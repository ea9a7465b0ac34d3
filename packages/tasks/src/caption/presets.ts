import type { captioner } from '@heed/networks';
import type { Preset } from '../task.js';

/** Of the steps, what the last one leaves is kept: validation is of concepts never seen, and how many of those are guessed says little of a step. */
const STEPS = 24_000;

const training: Preset['training'] = {
  steps: STEPS,
  batchSize: 32,
  learningRate: 0.0015,
  warmupSteps: 300,
  schedule: 'cosine',
  clipNorm: 1,
  labelSmoothing: 0.1,
  evaluateEvery: STEPS,
  validationExamples: 400,
  patience: 0,
};

type Settings = Preset<typeof captioner>['model'];

const recurrent = {
  kind: 'recurrent',
  architecture: 'luong',
  cell: 'lstm',
  embeddingWidth: 96,
  units: 192,
  outputUnits: 128,
} as const;

/** A grid of 8 by 8 places of a picture of 64 by 64 pixels, of which a place sees 15 by 15. */
const model = {
  kind: 'captioner',
  size: 64,
  channels: 3,
  width: 96,
  encoder: { kind: 'convolutional', filters: [32, 64, 96] },
  dropout: 0.1,
} as const satisfies Partial<Settings>;

/** Captioners of small pictures, of like sizes, on one budget. */
export const captionPresets: Readonly<Record<string, Preset<typeof captioner>>> = {
  adaptive: {
    title: 'adaptive attention with a visual sentinel',
    model: { ...model, decoder: { ...recurrent, attention: { kind: 'visualSentinel', units: 64 } } },
    training,
  },
  soft: {
    title: 'soft attention, gated and even',
    model: {
      ...model,
      decoder: {
        ...recurrent,
        architecture: 'bahdanau',
        attention: { kind: 'additive', units: 64 },
        gate: true,
        evenness: 0.01,
      },
    },
    training,
  },
  none: {
    title: 'no attention',
    model: { ...model, decoder: { ...recurrent, attention: { kind: 'none' } } },
    training,
  },
  transformer: {
    title: 'transformer',
    model: {
      ...model,
      decoder: { kind: 'transformer', heads: 4, layers: 2, feedForwardWidth: 256, tiedEmbeddings: true },
    },
    training,
  },
  patches: {
    title: 'transformer of patches',
    model: {
      ...model,
      encoder: { kind: 'patches', patch: 8, layers: 2, heads: 4, feedForwardWidth: 256 },
      decoder: { kind: 'transformer', heads: 4, layers: 2, feedForwardWidth: 256, tiedEmbeddings: true },
    },
    training,
  },
};
