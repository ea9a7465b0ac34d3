import { HeedError } from '@heed/base';

/** Quality of a classifier's predictions. */
export interface ClassificationReport {
  readonly examples: number;
  readonly errors: number;
  /** Share of examples whose class was predicted, in [0, 1]; NaN without examples. */
  readonly accuracy: number;
  /**
   * F1 of each class, in [0, 1]: the harmonic mean of precision and recall, 2·right / (predicted + true); 0 for a class that is
   * never predicted and never true.
   */
  readonly f1: Readonly<Record<string, number>>;
  /** Mean of f1 over the classes: a rare class counts as much as a common one. */
  readonly macroF1: number;
}

/**
 * Accuracy and F1 of predicted classes.
 *
 * @throws HeedError INVALID_ARGUMENT for a label that isn't one of the classes, which would count in accuracy only
 * @see van Rijsbergen 1979, "Information retrieval", ch. 7 (F); Lewis, Yang, Rose & Li 2004, RCV1, for macro-averages
 */
export function classificationReport(
  classes: readonly string[],
  results: readonly { readonly label: string; readonly expected: string }[],
): ClassificationReport {
  const strange = results.flatMap(({ label, expected }) => [label, expected]).find((one) => !classes.includes(one));
  if (strange !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `classificationReport: ${JSON.stringify(strange)} is none of the classes`,
      hint: `classes are: ${classes.join(', ')}`,
      details: { label: strange, classes },
    });
  }
  const errors = results.filter(({ label, expected }) => label !== expected).length;
  const f1 = classes.map((name): [string, number] => {
    const predicted = results.filter(({ label }) => label === name).length;
    const actual = results.filter(({ expected }) => expected === name).length;
    const right = results.filter(({ label, expected }) => label === name && expected === name).length;
    return [name, predicted + actual === 0 ? 0 : (2 * right) / (predicted + actual)];
  });
  return {
    examples: results.length,
    errors,
    accuracy: (results.length - errors) / results.length,
    f1: Object.fromEntries(f1),
    macroF1: f1.reduce((sum, [, value]) => sum + value, 0) / classes.length,
  };
}
