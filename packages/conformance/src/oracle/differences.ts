import type { BiasValue, Instance, TensorValue } from '../example.js';
import { float64 } from './arithmetic.js';
import { biasTensors } from './biases.js';
import { evaluate } from './evaluate.js';

// The error of a central difference is h²·f‴/6 from the formula and about 2⁻⁵²·f/h from rounding; at h = 2⁻¹⁶ both are
// near 1e-10, far below what float32 results can show.
const STEP = 2 ** -16;

/**
 * The gradients of Σ output∘cotangent from forward evaluations alone, (f(x + h) − f(x − h)) / 2h: a check that shares
 * nothing with any backward formula.
 */
export function centralDifferences(instance: Instance): Record<string, Float64Array> {
  const gradients: Record<string, Float64Array> = {};
  const tensors = { ...instance.inputs, ...biasTensors(instance.bias) };
  for (const [name, { values }] of Object.entries(tensors)) {
    gradients[name] = Float64Array.from(values, (_, n) => {
      if (!Number.isFinite(values[n])) return 0; // −∞ in a bias
      const [above, below] = [STEP, -STEP].map((step) => lossOf(moved(instance, name, n, step)));
      return (above! - below!) / (2 * STEP);
    });
  }
  return gradients;
}

/** The instance with one number of one tensor moved by `step`. */
function moved(instance: Instance, name: string, n: number, step: number): Instance {
  const shift = (values: TensorValue['values']): Float64Array => {
    const copy = Float64Array.from(values);
    copy[n] += step;
    return copy;
  };
  const input = instance.inputs[name];
  if (input !== undefined) {
    return { ...instance, inputs: { ...instance.inputs, [name]: { ...input, values: shift(input.values) } } };
  }
  const inBias = (bias: BiasValue): BiasValue => {
    if (bias.kind === 'sum') return { ...bias, biases: bias.biases.map(inBias) };
    if (bias.kind === 'dense' && name === 'bias') return { ...bias, values: shift(bias.values) };
    if (bias.kind === 'relativePosition' && name === 'table') return { ...bias, values: shift(bias.values) };
    return bias;
  };
  return { ...instance, bias: inBias(instance.bias!) };
}

function lossOf(instance: Instance): number {
  const values = evaluate(instance, float64);
  let loss = 0;
  for (const [name, cotangent] of Object.entries(instance.cotangents)) {
    const output = values[name as keyof typeof values]!;
    // The logSumExp of an empty row is −∞ whatever the inputs are.
    for (let n = 0; n < output.length; n++) {
      if (Number.isFinite(output[n])) loss += output[n] * cotangent.values[n];
    }
  }
  return loss;
}
