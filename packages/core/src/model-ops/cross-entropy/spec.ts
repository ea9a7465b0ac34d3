import { defineModelOp } from '../define.js';
import type { TargetAttributes } from '../targets.js';

export const crossEntropySpec = defineModelOp<TargetAttributes>()({
  name: 'crossEntropy',
  inputs: { logits: { shape: ['N', 'V'] } },
  outputs: {
    loss: { shape: [] },
    /** ∂loss / ∂logits */
    slopes: { shape: ['N', 'V'], saved: true, hidden: true },
  },
});
