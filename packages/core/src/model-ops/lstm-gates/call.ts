import type { Tensor2D } from '@tensorflow/tfjs-core';
import { checkLength } from '../check.js';
import { runModelOp } from '../run.js';
import { composedLstmGates } from './composed.js';
import { lstmGatesSpec } from './spec.js';

/**
 * The part of an LSTM step after its matrix products, gates in the order input, forget, candidate, output:
 *
 *   i = σ(a₁), f = σ(a₂), g = tanh(a₃), o = σ(a₄) with a = Σ terms;  c' = f∘c + i∘g;  h' = o∘tanh(c')
 *
 * @param terms each [B, 4H]: input projection with bias, recurrent product, in a decoder also that of the context
 * @param state [h | c], [B, 2H]
 * @param active per row: 0 carries the state through, for a step past the row's end
 * @returns [h' | c'], [B, 2H]
 * @throws HeedError SHAPE_MISMATCH
 * @see Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000 for the forget gate
 */
export function lstmGates(terms: readonly Tensor2D[], state: Tensor2D, active?: Uint8Array): Tensor2D {
  if (active !== undefined) checkLength('lstmGates: active', active, state.shape[0]);
  const attributes = active === undefined ? {} : { active };
  return runModelOp(lstmGatesSpec, composedLstmGates, { terms, state }, attributes).next as Tensor2D;
}
