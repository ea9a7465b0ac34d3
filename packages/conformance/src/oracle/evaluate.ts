import { outputsOf, type Instance, type OutputName } from '../example.js';
import { opOf } from '../ops/table.js';
import type { Round } from './arithmetic.js';

/** What the op means: the outputs that an instance asks for, in exact (float64) or in naive float32 arithmetic. */
export function evaluate(instance: Instance, round: Round): Readonly<Partial<Record<OutputName, Float64Array>>> {
  const results = opOf(instance.example).forward(instance, round);
  return Object.fromEntries(outputsOf(instance.example).map((name) => [name, results[name]!]));
}

/** The gradients of Σ output∘cotangent, by the name of the input. */
export function evaluateGradients(instance: Instance, round: Round): Readonly<Record<string, Float64Array>> {
  const cotangents = Object.entries(instance.cotangents).map(([name, { values }]) => [name, values]);
  return opOf(instance.example).backward(instance, Object.fromEntries(cotangents), round);
}
