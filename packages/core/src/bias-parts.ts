import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { resolveOffsets } from './alignment.js';
import { checkAxes, placeAxes } from './axes.js';
import type { BiasParts } from './request.js';
import {
  BIAS_FIELDS,
  alibiSlopes,
  checkSlopes,
  checkTable,
  type AlibiBias,
  type Bias,
  type RelativePositionBias,
} from './bias.js';
import { checkOptions, HeedError, show } from '@heed/base';
import { isTensor, type Dense } from './mask.js';
import type { ScoreShape } from './mask-parts.js';
import { checkAlive, checkDtype } from './tensor-like.js';

export interface NormalizedBias {
  readonly parts: BiasParts;
  readonly tensor: Tensor | undefined;
  readonly table: Tensor | undefined;
}

/** A sum of biases as at most one of each kind. */
export function normalizeBias(op: string, bias: Bias | Tensor | undefined, shape: ScoreShape): NormalizedBias {
  const leaves = bias === undefined ? [] : leavesOf(op, bias);
  const tensor = only(op, leaves, 'dense') as Dense | undefined;
  const linear = only(op, leaves, 'alibi') as AlibiBias | undefined;
  const relative = only(op, leaves, 'relativePosition') as RelativePositionBias | undefined;
  const full = [shape.batch, shape.heads, shape.queries, shape.keys] as const;
  return {
    parts: {
      ...(tensor && { dense: placeAxes(`${op}: bias`, tensor.tensor, tensor.axes, full) }),
      ...(linear && {
        alibi: { slopes: slopesOf(op, linear, shape.heads), offsets: resolveOffsets(`${op}: alibi`, linear, shape) },
      }),
      ...(relative && {
        relative: {
          ...tableShape(op, relative.table, shape.heads),
          offsets: resolveOffsets(`${op}: relativePosition`, relative, shape),
        },
      }),
    },
    tensor: tensor?.tensor,
    table: relative?.table,
  };
}

/**
 * A bias as a float32 tensor, for looking at it and for scores that are made outside an op.
 *
 * @returns [B, H, Tq, Tk]; B, H or Tq is 1 where the bias doesn't depend on it
 */
export function biasTensor(bias: Bias | Tensor, shape: ScoreShape): Tensor4D {
  return tf.tidy(() => {
    const { parts, tensor, table } = normalizeBias('biasTensor', bias, shape);
    return materializeBias(parts, tensor, table, shape) ?? tf.zeros<tf.Rank.R4>([1, 1, 1, shape.keys]);
  });
}

/** The bias as a float32 tensor; undefined when there is none. Outside a tape: gradients are found by the caller. */
export function materializeBias(
  parts: BiasParts,
  tensor: Tensor | undefined,
  table: Tensor | undefined,
  shape: ScoreShape,
): Tensor4D | undefined {
  const { batch, heads, queries, keys } = shape;
  const terms: Tensor[] = [];
  if (parts.dense) terms.push(tf.reshape(tensor!, [...parts.dense]));
  if (parts.alibi) {
    const distances = distanceTensor(parts.alibi.offsets, shape);
    terms.push(tf.mul(tf.abs(distances), tf.reshape(tf.neg(tf.tensor1d(parts.alibi.slopes)), [1, heads, 1, 1])));
  }
  if (parts.relative) {
    const index = relativeIndex(parts.relative, shape);
    const gathered = tf.gather(table!, tf.reshape(index, [-1]), 1); // [heads or 1, B·Tq·Tk]
    terms.push(tf.transpose(tf.reshape(gathered, [parts.relative.heads, batch, queries, keys]), [1, 0, 2, 3]));
  }
  return terms.length === 0 ? undefined : (terms.reduce((a, b) => tf.add(a, b)) as Tensor4D);
}

/** Which entry of the table each position reads: int32 [B, 1, Tq, Tk]. */
export function relativeIndex({ reach, offsets }: NonNullable<BiasParts['relative']>, shape: ScoreShape): Tensor4D {
  const distances = distanceTensor(offsets, shape);
  return tf.cast(tf.add(tf.clipByValue(distances, -reach, reach), reach), 'int32');
}

/** j − i − offset[b], float32 [B, 1, Tq, Tk]. */
function distanceTensor(offsets: Int32Array, { batch, queries, keys }: ScoreShape): Tensor4D {
  const j = tf.reshape(tf.range(0, keys, 1, 'float32'), [1, 1, 1, keys]);
  const i = tf.reshape(tf.range(0, queries, 1, 'float32'), [1, 1, queries, 1]);
  const offset = tf.reshape(tf.tensor1d(Float32Array.from(offsets)), [batch, 1, 1, 1]);
  return tf.sub(tf.sub(j, i), offset);
}

type Leaf = Exclude<Bias, { kind: 'sum' }>;

function leavesOf(op: string, bias: Bias | Tensor): Leaf[] {
  if (isTensor(bias)) return leavesOf(op, { kind: 'dense', tensor: bias });
  const fields = Object.hasOwn(BIAS_FIELDS, String(bias?.kind)) ? BIAS_FIELDS[bias.kind] : undefined;
  if (fields === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${op}: bias is ${typeof bias === 'object' && bias !== null ? 'an object of no known kind' : show(bias)}`,
      hint: 'use alibi(), relativePosition(table), dense(tensor), sumOf(…), or a float32 tensor',
    });
  }
  checkOptions(`${op}: bias of kind ${bias.kind}`, bias, fields);
  switch (bias.kind) {
    case 'sum':
      if (!Array.isArray(bias.biases)) {
        throw new HeedError('INVALID_ARGUMENT', {
          message: `${op}: bias of kind sum: biases are ${show(bias.biases)}`,
          hint: 'sumOf(…) makes it',
        });
      }
      return bias.biases.flatMap((part) => leavesOf(op, part));
    case 'alibi':
      checkSlopes(`${op}: alibi`, bias.slopes);
      return [bias];
    case 'relativePosition':
      checkTable(`${op}: relative position table`, bias.table);
      return [bias];
    case 'dense':
      checkAlive(`${op}: bias`, bias.tensor, 'a float32 tensor');
      checkDtype(`${op}: bias`, bias.tensor, 'float32');
      checkAxes(`${op}: bias`, bias.tensor, bias.axes);
      return [bias];
  }
}

function only(op: string, leaves: readonly Leaf[], kind: Leaf['kind']): Leaf | undefined {
  const found = leaves.filter((leaf) => leaf.kind === kind);
  if (found.length > 1) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${op}: the sum holds ${found.length} biases of kind ${kind}`,
      hint: kind === 'dense' ? 'add the tensors with tf.add first' : 'give one of each kind',
    });
  }
  return found[0];
}

function slopesOf(op: string, { slopes }: AlibiBias, heads: number): Float32Array {
  if (slopes !== undefined && slopes.length !== heads) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${op}: alibi has ${slopes.length} slopes for ${heads} heads`,
      hint: 'one slope per query head',
      details: { slopes: slopes.length, heads },
    });
  }
  return Float32Array.from(slopes ?? alibiSlopes(heads));
}

function tableShape(op: string, table: Tensor, heads: number): { heads: number; reach: number } {
  const [rows, columns] = table.shape as [number, number];
  if (rows !== 1 && rows !== heads) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${op}: relative position table [${table.shape}] has ${rows} rows for ${heads} heads`,
      hint: 'one row per query head, or one for all',
      details: { table: table.shape, heads },
    });
  }
  return { heads: rows, reach: (columns - 1) / 2 };
}
