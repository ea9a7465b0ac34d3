import { addBias } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { hasBias, matrix } from '../state/shapes.js';
import type { ModuleDefinition } from './definition.js';
import { overRows } from './rows.js';

/**
 * x Wᵀ + b: float32 […, in] → […, out].
 *
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, DISPOSED
 */
export type LinearCall = (x: tf.Tensor) => tf.Tensor;

/** `torch.nn.Linear`. */
export const linear: ModuleDefinition<'Linear', object, object, LinearCall> = {
  kind: 'Linear',
  schema: v.strictObject({}),
  recognises: (shapes) =>
    shapes.keys().length === 2 && shapes.optional('weight')?.length === 2 && shapes.optional('bias')?.length === 1,
  expects(shapes) {
    const [output, input] = matrix(shapes, 'weight');
    return { weight: [output, input], ...(hasBias(shapes) && { bias: [output] }) };
  },
  convert: (state) => ({
    weight: state.get('weight'),
    ...(state.has('bias') && { bias: state.get('bias') }),
  }),
  create:
    ({ weight, bias }) =>
    (x) =>
      overRows('Linear: x', x, [weight!.shape[1]!], (rows) => {
        const products: tf.Tensor2D = tf.matMul(rows, weight as tf.Tensor2D, false, true);
        return bias === undefined ? products : addBias(products, bias as tf.Tensor1D);
      }),
};
