import { HeedError } from '@heed/base';
import { fitLogistic, logisticProbability } from '@heed/metrics';
import type { Evidence } from '../task.js';

/** A logistic regression from the features of an answer to the probability that it is right. */
export interface Confidence {
  readonly intercept: number;
  /** Weights by the names of the features. */
  readonly weights: Readonly<Record<string, number>>;
}

/** Confidence that fits answers of which it is known whether they are right: at least one, all with the same features. */
export function fitConfidence(
  answers: readonly { readonly evidence: Evidence; readonly correct: boolean }[],
): Confidence {
  const names = Object.keys(answers[0].evidence.features);
  const { intercept, weights } = fitLogistic(
    answers.map(({ evidence }) => valuesOf(names, evidence)),
    answers.map(({ correct }) => correct),
  );
  return { intercept, weights: Object.fromEntries(names.map((name, i) => [name, weights[i]])) };
}

/**
 * Probability that an answer is right.
 *
 * @throws HeedError INVALID_ARGUMENT for evidence without a feature that the confidence weighs
 */
export function confidenceOf({ intercept, weights }: Confidence, evidence: Evidence): number {
  const names = Object.keys(weights);
  return logisticProbability({ intercept, weights: Object.values(weights) }, valuesOf(names, evidence));
}

const valuesOf = (names: readonly string[], { features }: Evidence): number[] =>
  names.map((name) => {
    if (Object.hasOwn(features, name)) return features[name];
    throw new HeedError('INVALID_ARGUMENT', {
      message: `confidence: the answer lacks the feature ${JSON.stringify(name)}`,
      hint: 'calibrate the model anew, with the task that answers',
      details: { feature: name, features: Object.keys(features) },
    });
  });
