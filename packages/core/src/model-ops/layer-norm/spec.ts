import { defineModelOp } from '../define.js';

export interface NormAttributes {
  /** ε, added to the variance. */
  readonly epsilon: number;
}

export const layerNormSpec = defineModelOp<NormAttributes>()({
  name: 'layerNorm',
  inputs: {
    x: { shape: ['N', 'W'] },
    gain: { shape: ['W'], saved: true },
    bias: { shape: ['W'] },
  },
  outputs: {
    y: { shape: ['N', 'W'] },
    /** (x − μ) / √(σ² + ε) */
    normal: { shape: ['N', 'W'], saved: true, hidden: true },
    /** 1 / √(σ² + ε) */
    inverse: { shape: ['N', 1], saved: true, hidden: true },
  },
});
