import { HeedError } from '@heed/base';
import { lookup } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { matrix } from '../state/shapes.js';
import type { ModuleDefinition } from './definition.js';
import { idsOf } from './rows.js';

export interface EmbeddingOptions {
  /** A row that looking it up gives no gradient; counted from the end when negative: `padding_idx`. None by default. */
  readonly paddingIdx?: number;
}

/**
 * Rows of the table by number: int32 […] → float32 […, E].
 *
 * @throws HeedError INVALID_ARGUMENT for a row that isn't there, DTYPE_UNSUPPORTED, DISPOSED
 */
export type EmbeddingCall = (ids: tf.Tensor) => tf.Tensor;

/** `torch.nn.Embedding`. */
export const embedding: ModuleDefinition<'Embedding', EmbeddingOptions, EmbeddingOptions, EmbeddingCall> = {
  kind: 'Embedding',
  schema: v.strictObject({ paddingIdx: v.optional(v.pipe(v.number(), v.integer())) }),
  recognises: (shapes) => shapes.keys().length === 1 && shapes.optional('weight')?.length === 2,
  expects(shapes, { paddingIdx = 0 }) {
    const [rows, width] = matrix(shapes, 'weight');
    if (paddingIdx < -rows || paddingIdx >= rows) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `Embedding: paddingIdx is ${paddingIdx}, and the table of the state dict has ${rows} rows`,
        details: { paddingIdx, rows },
      });
    }
    return { weight: [rows, width] };
  },
  convert: (state) => ({ table: state.get('weight') }),
  create({ table: given }, { paddingIdx }) {
    const table = given as tf.Tensor2D;
    const [size, width] = table.shape;
    return (ids) => {
      const numbers = idsOf('Embedding: ids', ids);
      const rows = paddingIdx === undefined ? table : withoutGradient(table, (paddingIdx + size) % size);
      return tf.reshape(lookup(rows, numbers), [...ids.shape, width]);
    };
  },
};

/** A table of which one row has no gradient. */
const withoutGradient = (table: tf.Tensor2D, row: number): tf.Tensor2D =>
  tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc(dOutput: tf.Tensor) {
      const isRow = tf.equal(tf.range(0, table.shape[0], 1, 'int32'), row);
      return tf.where(tf.expandDims(isRow, 1), tf.zerosLike(dOutput), dOutput);
    },
  }))(table) as tf.Tensor2D;
