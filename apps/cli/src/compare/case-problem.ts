import { expectedCase } from '@heed/conformance';
import type { Problem } from './problem.js';

/** A case of the conformance suite. */
export function caseProblem(id: string): Problem {
  const { instance, outputs, gradients } = expectedCase(id);
  return {
    title: `case ${id} of the conformance suite`,
    work: { kind: 'attention', instance, gradients: gradients !== undefined },
    against: 'the float64 oracle, which is written from the formulas',
    allowed:
      '16 spacings of float32, more of them for scores beyond ±8, or twice the error of the formulas in naive float32',
    expected: { ...outputs, ...gradients },
  };
}
