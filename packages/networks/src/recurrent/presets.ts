import type { Seq2SeqConfig } from './config.js';
import type { TrainingConfig } from '@heed/nn';

export interface Preset {
  readonly model: Omit<Seq2SeqConfig, 'sourceSymbols' | 'targetSymbols' | 'seed'>;
  readonly training: Omit<TrainingConfig, 'seed'>;
}

/**
 * Settings for words and their sounds, and for tasks of that size. In both, decoderUnits is the memory's width, so that any
 * kind of attention may be put in.
 */
export const presets: Readonly<Record<'small' | 'standard', Preset>> = {
  /**
   * Luong's model with general attention, for a minute on the wasm backend and some four on the cpu backend. On g2p that is
   * a pass and a quarter over the words, and leaves about 10 % of phonemes and 40 % of words wrong on words it never saw, by
   * greedy search.
   */
  small: {
    model: {
      kind: 'recurrent',
      architecture: 'luong',
      cell: 'lstm',
      embeddingWidth: 32,
      encoderUnits: 48,
      encoderLayers: 1,
      bidirectional: true,
      decoderUnits: 96,
      attention: { kind: 'general' },
      inputFeeding: false,
      output: 'tanh',
      outputUnits: 96,
      dropout: 0,
    },
    training: {
      steps: 4500,
      batchSize: 32,
      learningRate: 0.01,
      warmupSteps: 20,
      schedule: 'cosine',
      clipNorm: 5,
      labelSmoothing: 0,
      evaluateEvery: 900,
      validationExamples: 500,
      patience: 0,
    },
  },
  /** Bahdanau's model, for hours. */
  standard: {
    model: {
      kind: 'recurrent',
      architecture: 'bahdanau',
      cell: 'lstm',
      embeddingWidth: 64,
      encoderUnits: 128,
      encoderLayers: 1,
      bidirectional: true,
      decoderUnits: 256,
      attention: { kind: 'additive', units: 128 },
      inputFeeding: false,
      output: 'maxout',
      outputUnits: 128,
      dropout: 0.1,
    },
    training: {
      steps: 20000,
      batchSize: 64,
      learningRate: 0.004,
      warmupSteps: 200,
      schedule: 'cosine',
      clipNorm: 5,
      labelSmoothing: 0.05,
      evaluateEvery: 1000,
      validationExamples: 2000,
      patience: 10,
    },
  },
};
