import type { Tensor } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { checkApproximation } from './check.js';
import { composedGelu } from './composed.js';
import { geluSpec, type GeluApproximation } from './spec.js';

/**
 * Gaussian error linear unit of each number, x·Φ(x), with Φ(x) = ½ (1 + erf(x/√2)) the distribution function of the normal
 * distribution. Its gradient is Φ(x) + x·φ(x), with φ(x) = exp(−x²/2)/√(2π).
 *
 * @param x float32, of any shape
 * @param approximate 'tanh' takes ½ (1 + tanh(√(2/π)(x + 0.044715x³))) for Φ(x)
 * @throws HeedError INVALID_ARGUMENT, DTYPE_UNSUPPORTED, DISPOSED
 * @see Hendrycks & Gimpel 2016, arXiv:1606.08415, §2
 */
export function gelu<T extends Tensor>(x: T, approximate: GeluApproximation = 'none'): T {
  checkApproximation('gelu', approximate);
  return runModelOp(geluSpec, composedGelu, { x }, { approximate }).y as T;
}
