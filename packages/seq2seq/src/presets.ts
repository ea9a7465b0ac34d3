import type { Seq2SeqConfig } from './config.js';
import type { TrainingConfig } from './training-config.js';

export interface Preset {
  readonly model: Omit<Seq2SeqConfig, 'sourceSymbols' | 'targetSymbols' | 'seed'>;
  readonly training: Omit<TrainingConfig, 'seed'>;
}

/** Settings that work for words and their sounds, and for tasks of that size. */
export const presets: Readonly<Record<'small' | 'standard', Preset>> = {
  /** Learns within two minutes on the cpu backend. */
  small: {
    model: {
      architecture: 'bahdanau',
      cell: 'gru',
      embeddingWidth: 32,
      encoderUnits: 64,
      encoderLayers: 1,
      bidirectional: true,
      decoderUnits: 96,
      attention: { kind: 'additive', units: 64 },
      inputFeeding: false,
      output: 'maxout',
      outputUnits: 64,
      dropout: 0,
    },
    training: {
      steps: 1000,
      batchSize: 32,
      learningRate: 0.004,
      warmupSteps: 20,
      schedule: 'cosine',
      clipNorm: 5,
      labelSmoothing: 0,
      evaluateEvery: 250,
      validationExamples: 256,
      patience: 0,
    },
  },
  /** For runs of hours. */
  standard: {
    model: {
      architecture: 'bahdanau',
      cell: 'lstm',
      embeddingWidth: 64,
      encoderUnits: 128,
      encoderLayers: 2,
      bidirectional: true,
      decoderUnits: 256,
      attention: { kind: 'additive', units: 128 },
      inputFeeding: false,
      output: 'maxout',
      outputUnits: 128,
      dropout: 0.2,
    },
    training: {
      steps: 20000,
      batchSize: 64,
      learningRate: 0.002,
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
