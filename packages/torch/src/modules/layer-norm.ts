import { layerNorm as normalise } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Tree } from '../state/tree.js';
import type { Converted, ModuleDefinition } from './definition.js';
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
  convert: normParameters,
  create(converted, { eps }, shapes) {
    const trailing = shapes.get('weight');
    const norm = normOf(converted, eps);
    return (x) => overRows('LayerNorm: x', x, trailing, norm);
  },
};

/** Gain and bias of a norm over rows; the bias is zeros where the norm has none. */
export function normParameters(state: Tree<tf.Tensor>): Converted {
  const gain = tf.reshape(state.get('weight'), [-1]);
  const bias = state.optional('bias');
  return { gain, bias: bias === undefined ? tf.zerosLike(gain) : tf.reshape(bias, [-1]) };
}

/** The norm of rows that has these parameters. */
export const normOf =
  ({ gain, bias }: Converted, epsilon: number) =>
  (rows: tf.Tensor2D): tf.Tensor2D =>
    normalise(rows, gain as tf.Tensor1D, bias as tf.Tensor1D, epsilon);
