import { compare, type Expected, type Floor } from '../bound.js';
import { float32, float64 } from '../oracle/arithmetic.js';
import { biasTensors } from '../oracle/biases.js';
import { evaluate, evaluateGradients } from '../oracle/evaluate.js';
import { gradientName, type Numbers } from '../perform.js';
import type { Instance, OutputName } from '../example.js';
import { FIT_OPS } from './fit-ops.js';
import type { Outcome } from './step.js';

export type ExpectedOutputs = Readonly<Record<string, Expected>>;

/** Outputs of the oracle, with all that the bound needs. */
export function expectedOutputs(instance: Instance): ExpectedOutputs {
  const values = evaluate(instance, float64);
  const naive = evaluate(instance, float32);
  const moved = evaluate(nudged(instance), float64);
  return Object.fromEntries(
    (Object.entries(values) as [OutputName, Float64Array][]).map(([name, exact]) => [
      name,
      { shape: instance.cotangents[name]!.shape, values: exact, naive: farther(exact, naive[name]!, moved[name]!) },
    ]),
  );
}

/** Gradients of the oracle; undefined where they jump, so that two correct computations may differ. */
export function expectedGradients(instance: Instance): ExpectedOutputs | undefined {
  if (jumps(instance)) return undefined;
  const unit = largestFactor(instance);
  const exact = evaluateGradients(instance, float64);
  const naive = evaluateGradients(instance, float32);
  const moved = evaluateGradients(nudged(instance), float64);
  return Object.fromEntries(
    Object.entries({ ...instance.inputs, ...biasTensors(instance.bias) }).map(([name, { shape }]) => [
      gradientName(name),
      { shape, values: exact[name], naive: farther(exact[name], naive[name], moved[name]), unit },
    ]),
  );
}

/**
 * Instance with every input moved by one rounding of float32, up and down in turn: no float32 form can be more exact than the change
 * that this causes. With large scores it is more than the error of a naive form that is exact by luck.
 */
function nudged(instance: Instance): Instance {
  const moved = Object.entries(instance.inputs).map(([name, { shape, values }]) => {
    const nudge = (x: number, n: number): number => x * (1 + (n % 2 === 0 ? ROUNDING : -ROUNDING));
    return [name, { shape, values: Float64Array.from(values, nudge) }];
  });
  return { ...instance, inputs: Object.fromEntries(moved) };
}

const ROUNDING = 2 ** -24;

/** At each index, the one of two approximations that is farther from the exact number. */
function farther(exact: Float64Array, one: Float64Array, other: Float64Array): Float64Array {
  return exact.map((x, n) => (Math.abs(one[n] - x) >= Math.abs(other[n] - x) ? one[n] : other[n]));
}

/**
 * Largest factor of a rounding error on its way from the gradient of the scores, where terms may nearly cancel, to the gradient of
 * an input: another input, the scale, and the factor of dropout.
 */
function largestFactor({ inputs, example }: Instance): number {
  const numbers = Object.values(inputs).flatMap(({ values }) => [...values].filter(Number.isFinite));
  const largest = numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  const scale = FIT_OPS[example.op].scale(example);
  return (largest * Math.max(scale, 1)) / (1 - (example.dropout?.rate ?? 0));
}

// A few roundings of float32: a score this near to the edge of a sparse support may be on either side of it.
const NUDGE = 2 ** -20;

/** Whether the support of a sparse normaliser, on which its gradient depends, changes within a few roundings. */
function jumps(instance: Instance): boolean {
  const { example, inputs } = instance;
  const { isSparse, scored } = FIT_OPS[example.op];
  if (!isSparse(example)) return false;
  const { shape, values } = inputs[scored];
  const supportAt = (nudge: (n: number) => number): string => {
    const scores = { shape, values: Float64Array.from(values, (x, n) => x + nudge(n) * Math.max(1, Math.abs(x))) };
    const nudged = {
      ...instance,
      example: { ...example, outputs: ['weights' as const] },
      inputs: { ...inputs, [scored]: scores },
    };
    return evaluate(nudged, float64)
      .weights!.map((weight) => (weight > 0 ? 1 : 0))
      .join('');
  };
  const sides = [0, 1].map((side) => supportAt((n) => (n % 2 === side ? NUDGE : -NUDGE)));
  return new Set([supportAt(() => 0), ...sides]).size > 1;
}

/** Outcome with the error that is allowed for each output. */
export function outcomeOf(expected: ExpectedOutputs, floor: Floor): Outcome {
  return Object.fromEntries(
    Object.entries(expected).map(([name, one]) => [
      name,
      { values: one.values, bound: SLACK * compare(one.values, one, floor).bound },
    ]),
  );
}

// Factor of the bound, which is meant for chosen examples. Among millions of random ones there are some in which roundings cancel
// in naive float32 but add up in a backend.
const SLACK = 4;

/** Sentence that says what is wrong with an output; undefined when it is right. */
export function verdictOn(
  name: string,
  found: Numbers[string] | undefined,
  expected: Expected | undefined,
  floor: Floor,
): string | undefined {
  if (found === undefined) return `${name} is missing`;
  if (expected === undefined) return `${name} was returned without being asked for`;
  if (found.shape.join() !== expected.shape.join()) {
    return `${name} has shape [${found.shape}], expected [${expected.shape}]`;
  }
  const { error, bound, worst } = compare(found.values, expected, floor);
  const allowed = SLACK * bound;
  if (error <= allowed) return undefined;
  const { index, got, expected: wanted } = worst!;
  return `${name}[${index}] is ${got}, expected ${wanted}: off by ${error.toPrecision(3)}, allowed ${allowed.toPrecision(3)}`;
}
