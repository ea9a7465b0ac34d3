import { outputsOf, type Instance, type OutputName } from '../example.js';
import { opOf } from '../ops/table.js';
import type { Round } from './arithmetic.js';

/** What the op means: the outputs that an instance asks for, in exact (float64) or in naive float32 arithmetic. */
export function evaluate(instance: Instance, round: Round): Readonly<Partial<Record<OutputName, Float64Array>>> {
  const { context, weights, logSumExp } = opOf(instance.example).forward(instance, round);
  const asked = outputsOf(instance.example);
  return {
    context,
    ...(asked.includes('weights') && { weights }),
    ...(asked.includes('logSumExp') && { logSumExp }),
  };
}

/** The gradients of Σ output∘cotangent, by the name of the input. */
export function evaluateGradients(instance: Instance, round: Round): Readonly<Record<string, Float64Array>> {
  const { context, weights, logSumExp } = instance.cotangents;
  const cotangents = { context: context?.values, weights: weights?.values, logSumExp: logSumExp?.values };
  return opOf(instance.example).backward(instance, cotangents, round);
}
