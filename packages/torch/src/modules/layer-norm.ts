import { layerNorm as normalise } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Tree } from '../state/tree.js';
import type { ModuleDefinition } from './definition.js';
import { eps } from './options.js';
import { overRows } from './rows.js';

export interface LayerNormOptions {
  /** ε, added to the variance; 1e-5 by default. */
  readonly eps?: number;
}

/**
 * γ ∘ (x − μ) / √(σ² + ε) + β over the last axes: float32 […, W] → […, W].
 *
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, DISPOSED
 */
export type LayerNormCall = (x: tf.Tensor) => tf.Tensor;

/** `torch.nn.LayerNorm`. Its shape may have several axes. */
export const layerNorm: ModuleDefinition<'LayerNorm', LayerNormOptions, Required<LayerNormOptions>, LayerNormCall> = {
  kind: 'LayerNorm',
  schema: v.strictObject({ eps }),
  recognises(shapes) {
    const [weight, bias] = [shapes.optional('weight'), shapes.optional('bias')];
    return shapes.keys().length === 2 && weight !== undefined && String(weight) === String(bias);
  },
  expects(shapes) {
    const shape = shapes.get('weight');
    return { weight: shape, ...(shapes.has('bias') && { bias: shape }) };
  },
  create: (state, settings) => (x) => {
    const { shape } = state.get('weight');
    return overRows('LayerNorm: x', x, shape, (rows) => normOf(state, settings.eps)(rows));
  },
};

/** The norm of rows with the parameters of `nn.LayerNorm`. */
export function normOf(state: Tree<tf.Tensor>, epsilon: number): (rows: tf.Tensor2D) => tf.Tensor2D {
  const gain = tf.reshape(state.get('weight'), [-1]) as tf.Tensor1D;
  const bias = state.optional('bias');
  const shift = bias === undefined ? tf.zeros<tf.Rank.R1>([gain.size]) : (tf.reshape(bias, [-1]) as tf.Tensor1D);
  return (rows) => normalise(rows, gain, shift, epsilon);
}
