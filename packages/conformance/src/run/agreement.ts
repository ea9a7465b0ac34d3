import type { AgreementCase } from '../case.js';
import { compare, describeFailure, type Comparison, type Expected, type Floor } from '../bound.js';
import { draw } from '../draw.js';
import { float32, float64 } from '../oracle/arithmetic.js';
import { biasTensors } from '../oracle/biases.js';
import { centralDifferences } from '../oracle/differences.js';
import { evaluate, evaluateGradients } from '../oracle/evaluate.js';
import { Performer, gradientName, take, type Numbers } from '../perform.js';
import type { Instance } from '../problem.js';
import type { OutputResult } from '../report.js';
import type { Finding, Session } from './session.js';

/** Runs the op and its gradient, and holds every number against the oracle. */
export async function runAgreement(agreement: AgreementCase, { floor }: Session): Promise<Finding> {
  const { instance, outputs, gradients } = expectedOf(agreement);
  const performer = new Performer(instance);
  try {
    const { path, reasons } = performer.explain();
    const results: OutputResult[] = [];
    const failures: string[] = [];
    check(await take(performer.forward()), outputs, floor, results, failures);
    if (gradients) check(await take(performer.gradients()), gradients, floor, results, failures);
    return { path, reasons, outputs: results, failures };
  } finally {
    performer.dispose();
  }
}

interface ExpectedCase {
  readonly instance: Instance;
  readonly outputs: Readonly<Record<string, Expected>>;
  readonly gradients?: Readonly<Record<string, Expected>>;
}

// The oracle is slow, and the same case is often held against several backends.
const known = new WeakMap<AgreementCase, ExpectedCase>();

function expectedOf(agreement: AgreementCase): ExpectedCase {
  let expected = known.get(agreement);
  if (expected === undefined) known.set(agreement, (expected = evaluateCase(agreement)));
  return expected;
}

function evaluateCase({ problem, seed, gradients }: AgreementCase): ExpectedCase {
  const instance = draw(problem, seed);
  const { values, largestScore } = evaluate(instance, float64);
  const naive = evaluate(instance, float32).values;
  const outputs = Object.fromEntries(
    Object.entries(values).map(([name, exact]) => {
      const key = name as keyof typeof values;
      return [name, { shape: instance.cotangents[key]!.shape, values: exact, naive: naive[key]!, largestScore }];
    }),
  );
  if (gradients === 'none') return { instance, outputs };

  const exact = gradients === 'oracle' ? evaluateGradients(instance, float64) : centralDifferences(instance);
  const rounded = evaluateGradients(instance, float32);
  const tensors = { ...instance.inputs, ...biasTensors(instance.bias) };
  const expectedGradients = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape }]) => [
      gradientName(name),
      { shape, values: exact[name]!, naive: rounded[name]!, largestScore },
    ]),
  );
  return { instance, outputs, gradients: expectedGradients };
}

function check(
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
