import type { Tensor2D } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { composedGruReset } from './composed.js';
import { gruResetSpec } from './spec.js';

/**
 * First half of a GRU step: what of the state the candidate sees, and the update gate.
 *
 * @param terms each [B, 2H], r before z: input projection with bias, recurrent product, in a decoder that of the context
 * @param state h, [B, H]
 * @returns [r∘h | z], [B, 2H], with r = σ(a₁), z = σ(a₂), a = Σ terms
 * @throws HeedError SHAPE_MISMATCH
 */
export const gruReset = (terms: readonly Tensor2D[], state: Tensor2D): Tensor2D =>
  runModelOp(gruResetSpec, composedGruReset, { terms, state }, {}).opened as Tensor2D;
