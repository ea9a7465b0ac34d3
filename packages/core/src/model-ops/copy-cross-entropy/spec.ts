import { defineModelOp } from '../define.js';
import type { TargetAttributes } from '../targets.js';
import type { Copies } from './copies.js';

export interface CopyAttributes extends TargetAttributes {
  readonly copies: Copies;
}

export const copyCrossEntropySpec = defineModelOp<CopyAttributes>()({
  name: 'copyCrossEntropy',
  inputs: {
    logits: { shape: ['N', 'V'] },
    /** p_gen before the sigmoid. */
    gates: { shape: ['N', 1] },
    /** Attention. */
    weights: { shape: ['N', 'S'] },
  },
  outputs: {
    loss: { shape: [] },
    /** ∂loss / ∂logits */
    logitSlopes: { shape: ['N', 'V'], saved: true, hidden: true },
    /** ∂loss / ∂gates */
    gateSlopes: { shape: ['N', 1], saved: true, hidden: true },
    /** ∂loss / ∂weights */
    weightSlopes: { shape: ['N', 'S'], saved: true, hidden: true },
  },
});
