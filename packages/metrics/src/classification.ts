import { HeedError } from '@heed/base';

/** How well classes were told. */
export interface ClassificationReport {
  readonly examples: number;
  readonly errors: number;
  /** Shares in [0, 1]; accuracy is NaN without examples. */
  readonly accuracy: number;
  /**
   * Of each class, the harmonic mean of precision and recall: 2·right / (told + there are); 0 for a class that is neither told nor there.
   */
  readonly f1: Readonly<Record<string, number>>;
  /** The mean of f1 over the classes, each counting the same however rare. */
  readonly macroF1: number;
}

/**
 * @throws HeedError INVALID_ARGUMENT for a label that is none of the classes, which would count in accuracy alone
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
    const told = results.filter(({ label }) => label === name).length;
    const there = results.filter(({ expected }) => expected === name).length;
    const right = results.filter(({ label, expected }) => label === name && expected === name).length;
    return [name, told + there === 0 ? 0 : (2 * right) / (told + there)];
  });
  return {
    examples: results.length,
    errors,
    accuracy: (results.length - errors) / results.length,
    f1: Object.fromEntries(f1),
    macroF1: f1.reduce((sum, [, value]) => sum + value, 0) / classes.length,
  };
}
