import * as v from 'valibot';
import { seed } from '../layers/schema.js';

const SCHEDULES = ['constant', 'linear', 'cosine'] as const;

/** Everything that decides a training run but the model and the data: plain JSON. */
export interface TrainingConfig {
  /** Seed of the order of examples, of dropout and of the validation sample; an integer in [0, 2⁵³). */
  readonly seed: number;
  /** Updates of a whole run; the schedule of the learning rate ends there. */
  readonly steps: number;
  /** Items per update. */
  readonly batchSize: number;
  /** Greatest learning rate of Adam. */
  readonly learningRate: number;
  /** Steps in which the learning rate rises from 0, linearly. */
  readonly warmupSteps: number;
  /** How the learning rate falls after that: not, or to 0 at the last step. */
  readonly schedule: (typeof SCHEDULES)[number];
  /** Greatest Euclidean norm of the whole gradient. */
  readonly clipNorm: number;
  /** ε in [0, 1). */
  readonly labelSmoothing: number;
  /** Steps between evaluations on the validation examples; there is one after the last step, too. */
  readonly evaluateEvery: number;
  /** Number of validation examples to evaluate on: the same seeded sample every time. */
  readonly validationExamples: number;
  /** Stop after this many evaluations in a row without a lower error; 0: never. */
  readonly patience: number;
}

const count = (least: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least));
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));

// The step is the second word of a Philox counter.
const MOST_STEPS = 2 ** 32 - 1;
const LARGEST_BATCH = 65536;

export const trainingSchema = v.strictObject({
  seed,
  steps: v.pipe(count(1), v.maxValue(MOST_STEPS)),
  batchSize: v.pipe(count(1), v.maxValue(LARGEST_BATCH)),
  learningRate: positive,
  warmupSteps: count(0),
  schedule: v.picklist(SCHEDULES),
  clipNorm: positive,
  labelSmoothing: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  evaluateEvery: count(1),
  validationExamples: count(0),
  patience: count(0),
});

/** Learning rate of a step, which counts from 1. */
export function learningRateAt(step: number, config: TrainingConfig): number {
  const { learningRate, warmupSteps, schedule, steps } = config;
  if (step <= warmupSteps) return (learningRate * step) / warmupSteps;
  // From just below 1 after the warm-up to just above 0 at the last step, so that no step is wasted.
  const left = (steps - step + 1) / (steps - Math.min(warmupSteps, steps) + 1);
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'linear':
      return learningRate * left;
    case 'cosine':
      return learningRate * 0.5 * (1 - Math.cos(Math.PI * left));
  }
}
