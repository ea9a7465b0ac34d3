import * as tf from '@tensorflow/tfjs-core';
import { rmsNorm as rootMeanSquareNorm } from '@heed/attention';
import { onlyWhile } from '@heed/core';
import { layerNorm as normalizeLayer, lookup, type Ids } from '@heed/core/model-ops';
import type { Parameter, ParameterTree } from '../parameters.js';

/** Positions of all sequences, one a row: [B·T, width]. */
export type Rows = tf.Tensor2D;

/** [N, in] → [N, out], each row by itself. */
export type Layer = (x: Rows) => Rows;

export interface LinearOptions {
  /** Whether the layer has a bias, [out]; true by default. */
  readonly bias?: boolean;
  /** Whether the weight is stored as [in, out], as GPT-2's `Conv1D` has it, in place of [out, in]. */
  readonly stored?: Stored;
}

type Stored = NonNullable<Parameter['stored']>;

/** x Wᵀ + b, of `weight` [out, in] and `bias` [out]. */
export function linear(
  weights: ParameterTree,
  inputs: number,
  outputs: number,
  { bias = true, stored = 'outputs by inputs' }: LinearOptions = {},
): Layer {
  const weight = weights.get('weight', stored === 'outputs by inputs' ? [outputs, inputs] : [inputs, outputs]);
  return product(weight, bias ? weights.get('bias', [outputs]) : undefined, stored);
}

/** x Wᵀ + b, or x W + b, of parameters that may be of other layers too; with what an adapter of the weight adds. */
export function product(weight: Parameter, bias?: Parameter, stored: Stored = 'outputs by inputs'): Layer {
  weight.stored = stored;
  const transposeB = stored === 'outputs by inputs';
  return (x) => {
    const y = tf.fused.matMul({
      a: x,
      b: weight.tensor<tf.Rank.R2>(),
      transposeB,
      ...(bias !== undefined && { bias: bias.tensor<tf.Rank.R1>() }),
    }) as Rows;
    const { adapter } = weight;
    onlyWhile(() => weight.adapter === adapter);
    return adapter === undefined ? y : tf.add(y, adapter(x));
  };
}

/** Layer normalisation, of `weight` and `bias` [width]. */
export function layerNorm(weights: ParameterTree, width: number, epsilon: number): Layer {
  const gain = weights.get('weight', [width]);
  const bias = weights.get('bias', [width]);
  return (x) => normalizeLayer(x, gain.tensor<tf.Rank.R1>(), bias.tensor<tf.Rank.R1>(), epsilon);
}

/**
 * Root mean square normalisation, of `weight` [width].
 *
 * @param offset added to the weight: 1 in Gemma
 */
export function rmsNorm(weights: ParameterTree, width: number, epsilon: number, offset = 0): Layer {
  const gain = weights.get('weight', [width]);
  return (x) => rootMeanSquareNorm(x, epsilon, offset === 0 ? gain.tensor() : tf.add(gain.tensor(), offset));
}

/** Numbers of rows of a table: on the host, or in a step of decoding that is done again with other numbers an int32 tensor [N]. */
export type RowNumbers = Ids;

/** Rows of a table by number. */
export type Embedding = (rows: RowNumbers) => Rows;

/**
 * Rows of `weight` [count, width].
 *
 * @param made its values, where they are computed rather than read
 */
export function embedding(weights: ParameterTree, count: number, width: number, made?: () => Float32Array): Embedding {
  const table = weights.get('weight', [count, width], made);
  table.isTable = true;
  return (rows) => lookup(table.tensor<tf.Rank.R2>(), rows);
}

/** Rows of a table that has so many before the one with number 0. */
export const after =
  (count: number, table: Embedding): Embedding =>
  (rows) =>
    table(rows instanceof Int32Array ? rows.map((row) => row + count) : tf.add(rows, tf.scalar(count, 'int32')));

/** Layers one after another. */
export const inTurn =
  (...layers: readonly Layer[]): Layer =>
  (x) =>
    layers.reduce((y, layer) => layer(y), x);
