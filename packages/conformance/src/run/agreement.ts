import type { AgreementCase } from '../case.js';
import { compare, describeFailure, type Comparison, type Expected, type Floor } from '../bound.js';
import { expectedOf } from '../expected-case.js';
import type { Numbers } from '../perform.js';
import type { OutputResult } from '../report.js';
import { solve } from '../solve.js';
import type { Finding, Session } from './session.js';

/** Runs the op and its gradient, and compares every number with the oracle's. */
export async function runAgreement(agreement: AgreementCase, { floor }: Session): Promise<Finding> {
  const { instance, outputs, gradients } = expectedOf(agreement);
  const solution = await solve(instance, { gradients: gradients !== undefined });
  const results: OutputResult[] = [];
  const failures: string[] = [];
  check(solution.outputs, outputs, floor, results, failures);
  if (gradients) check(solution.gradients!, gradients, floor, results, failures);
  const { path, reasons } = solution;
  return { path, reasons, outputs: results, failures };
}

/** Holds results against what is expected, and notes what is off. */
export function check(
  got: Numbers,
  expected: Readonly<Record<string, Expected>>,
  floor: Floor,
  results: OutputResult[],
  failures: string[],
): void {
  for (const name of Object.keys(got)) {
    if (!(name in expected)) failures.push(`${name} was returned without being asked for`);
  }
  for (const [name, wanted] of Object.entries(expected)) {
    const found = got[name];
    if (found === undefined) {
      failures.push(`${name} is missing`);
    } else if (found.shape.join() !== wanted.shape.join()) {
      failures.push(`${name} has shape [${found.shape}], expected [${wanted.shape}]`);
    } else {
      const comparison = compare(found.values, wanted, floor);
      results.push(resultOf(name, comparison));
      if (!comparison.passed) failures.push(describeFailure(name, comparison));
    }
  }
}

export function resultOf(name: string, { passed, error, naiveError, bound, ulp }: Comparison): OutputResult {
  const matches = Number.isFinite(error);
  return {
    name,
    passed,
    error: matches ? error : null,
    ulps: matches ? error / ulp : null,
    naiveError,
    naiveUlps: naiveError / ulp,
    bound,
    boundUlps: bound / ulp,
  };
}
