import { VIDEO_FRAMES, VIDEO_SIDE } from '@heed/datasets';
import type { captioner } from '@heed/networks';
import type { Preset } from '../task.js';

const training: Preset['training'] = {
  steps: 2500,
  batchSize: 32,
  learningRate: 0.002,
  warmupSteps: 30,
  schedule: 'cosine',
  clipNorm: 1,
  labelSmoothing: 0,
  evaluateEvery: 500,
  validationExamples: 200,
  patience: 0,
};

const decoder = {
  kind: 'recurrent',
  architecture: 'luong',
  cell: 'lstm',
  embeddingWidth: 32,
  units: 96,
  outputUnits: 64,
} as const;

/**
 * Grids of 2 by 2 places, one of each frame. A place sees 31 pixels, all of the thing: with 4 by 4 places of 15 pixels no place sees which side of it
 * moved, and nothing was learnt in 1,000 steps.
 */
const model = {
  kind: 'captioner',
  size: VIDEO_SIDE,
  channels: 3,
  frames: VIDEO_FRAMES,
  width: 64,
  encoder: { kind: 'convolutional', filters: [16, 32, 64, 96] },
  dropout: 0,
} as const satisfies Partial<Preset<typeof captioner>['model']>;

/** Models that differ in attention alone, on one budget. */
export const videoPresets: Readonly<Record<string, Preset<typeof captioner>>> = {
  spaceTime: {
    title: 'attention over places and frames',
    model: { ...model, decoder: { ...decoder, attention: { kind: 'additive', units: 64 } } },
    training,
  },
  none: {
    title: 'no attention',
    model: { ...model, decoder: { ...decoder, attention: { kind: 'none' } } },
    training,
  },
};
