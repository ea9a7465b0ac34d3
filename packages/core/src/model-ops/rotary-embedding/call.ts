import { clone, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, show, type OptionNames } from '@heed/base';
import { checkTensor } from '../../tensor-like.js';
import { checkIds, checkLength } from '../check.js';
import { runModelOp } from '../run.js';
import { composedRotaryEmbedding } from './composed.js';
import { rotaryEmbeddingSpec, type RotaryLayout } from './spec.js';

/** The cosines and sines of rows that positions turn by, float32 [P, C] each, where C pairs of features turn. */
export interface RotaryTables {
  readonly cos: Tensor2D;
  readonly sin: Tensor2D;
}

export interface RotaryEmbeddingOptions {
  /** Features of pair i: 'interleaved' 2i and 2i + 1, by default; 'half' i and i + C. */
  readonly layout?: RotaryLayout;
  /** The row of the tables for the first position: one for all batch rows, or one for each; 0 by default. The rows after it follow. */
  readonly starts?: number | ArrayLike<number>;
  /** The row of the tables for each position instead, [B·T]. */
  readonly rows?: Int32Array;
}

const OPTIONS: OptionNames<RotaryEmbeddingOptions> = { layout: true, starts: true, rows: true };

/**
 * Rotary embedding by tables: pair i of a position's features, (a, b), becomes (a·cos_i − b·sin_i, a·sin_i + b·cos_i) by the row of the tables
 * that the position has. ONNX's `RotaryEmbedding`.
 *
 * @param x [B, H, T, D] float32, 2C ≤ D; features from 2C on stay as they are. Gradients flow
 * @param tables borrowed; no gradient reaches them
 * @returns the same shape
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT (no row of the tables), UNKNOWN_OPTION, DISPOSED
 * @see Su et al. 2021, arXiv:2104.09864, §3.2.2 and eq. 34; https://onnx.ai/onnx/operators/onnx__RotaryEmbedding.html
 */
export function rotaryEmbedding(x: Tensor4D, tables: RotaryTables, options: RotaryEmbeddingOptions = {}): Tensor4D {
  checkOptions('rotaryEmbedding', options, OPTIONS);
  const { layout = 'interleaved' } = options;
  const { cos, sin } = tables;
  checkTensor('rotaryEmbedding: x', x, { axes: ['B', 'H', 'T', 'D'] });
  const [batch, , time, features] = x.shape;
  checkTensor('rotaryEmbedding: cos', cos, { axes: ['P', 'C'] });
  checkTensor('rotaryEmbedding: sin', sin, { axes: cos.shape });
  const [count, pairs] = cos.shape;
  if (2 * pairs > features) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `rotaryEmbedding: ${pairs} pairs of ${features} features (x [${x.shape}], cos [${cos.shape}])`,
      hint: 'tables have as many columns as pairs turn, at most D/2',
      details: { x: x.shape, cos: cos.shape },
    });
  }
  if (layout !== 'interleaved' && layout !== 'half') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `rotaryEmbedding: layout is ${show(layout)}`,
      hint: "'interleaved' or 'half'",
    });
  }
  if (x.size === 0 || pairs === 0) return clone(x);
  const attributes = { layout, direction: 1, ...placesOf(options, { batch, time, count }) } as const;
  return runModelOp(rotaryEmbeddingSpec, composedRotaryEmbedding, { x, cos, sin }, attributes).y as Tensor4D;
}

function placesOf(
  { starts: given, rows }: RotaryEmbeddingOptions,
  { batch, time, count }: { readonly batch: number; readonly time: number; readonly count: number },
): { readonly starts: Int32Array; readonly rows?: Int32Array } {
  if (rows !== undefined) {
    if (given !== undefined) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: 'rotaryEmbedding: both starts and rows say where positions are',
      });
    }
    checkLength('rotaryEmbedding: rows', rows, batch * time);
    checkIds('rotaryEmbedding: rows', rows, count);
    return { starts: Int32Array.from({ length: batch }, (_, b) => rows[b * time]), rows };
  }
  const starts = typeof given === 'object' ? Array.from(given) : Array.from({ length: batch }, () => given ?? 0);
  checkLength('rotaryEmbedding: starts', starts, batch);
  const outside = starts.find((start) => !(Number.isInteger(start) && start >= 0 && start + time <= count));
  if (outside === undefined) return { starts: Int32Array.from(starts) };
  throw new HeedError('INVALID_ARGUMENT', {
    message: `rotaryEmbedding: ${time} rows from ${show(outside)} on, of tables of ${count}`,
    hint: `a whole number from 0 to ${Math.max(0, count - time)}`,
    details: { start: outside, time, positions: count },
  });
}
