import type { Answer } from '../task.js';
import type { Calibration } from './calibration.js';
import { confidenceOf } from './confidence.js';
import { unlikeness, type Unlike } from './known-inputs.js';

/** How far an answer can be trusted. */
export interface Trust {
  /** Probability that the answer is right; absent where none is right or wrong. */
  readonly confidence?: number;
  /** Ways in which the input is unlike those that the model learnt from. */
  readonly unlike: readonly Unlike[];
}

/** What a task tells of its inputs. */
interface Reader<Input> {
  readonly write: (input: Input) => string;
  readonly reads?: (input: Input) => string;
}

/**
 * Tells how far a calibrated model's answers can be trusted.
 *
 * @returns a function of an input and its answer; it throws HeedError INVALID_ARGUMENT for answers of another task
 */
export function trustIn<Input>(
  { write, reads = write }: Reader<Input>,
  { confidence, inputs }: Pick<Calibration, 'confidence' | 'inputs'>,
): (input: Input, answer: Pick<Answer, 'evidence'>) => Trust {
  const unlike = unlikeness(inputs);
  return (input, { evidence }) => ({
    ...(confidence && evidence && { confidence: confidenceOf(confidence, evidence) }),
    unlike: unlike(reads(input)),
  });
}
