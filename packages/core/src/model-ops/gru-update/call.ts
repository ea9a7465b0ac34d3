import type { Tensor2D } from '@tensorflow/tfjs-core';
import { checkLength } from '../check.js';
import { runModelOp } from '../run.js';
import { composedGruUpdate } from './composed.js';
import { gruUpdateSpec } from './spec.js';

/**
 * Second half of a GRU step: h' = (1 − z)∘h + z∘tanh(Σ terms).
 *
 * @param terms each [B, H]: input projection with bias, product of r∘h, in a decoder that of the context
 * @param opened [r∘h | z] of `gruReset`, [B, 2H]; only z is read
 * @param state h, [B, H]
 * @param active per row: 0 carries the state through, for a step past the row's end
 * @returns h', [B, H]
 * @throws HeedError SHAPE_MISMATCH
 * @see Cho et al. 2014, arXiv:1406.1078, §2.3, with z's sense as in Bahdanau et al. 2014, A.1.1
 */
export function gruUpdate(
  terms: readonly Tensor2D[],
  opened: Tensor2D,
  state: Tensor2D,
  active?: Uint8Array,
): Tensor2D {
  if (active !== undefined) checkLength('gruUpdate: active', active, state.shape[0]);
  const attributes = active === undefined ? {} : { active };
  return runModelOp(gruUpdateSpec, composedGruUpdate, { terms, opened, state }, attributes).next as Tensor2D;
}
