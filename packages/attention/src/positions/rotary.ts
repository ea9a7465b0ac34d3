import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, checkTensor, type OptionNames } from '@heed/core';
import { parseArguments } from '../fields.js';
import { extent, positionLists, type PositionLists } from './position-lists.js';
import { rotaryConfig, type RotaryConfig } from './rotary-config.js';
import { scaledFrequencies, type RotaryFrequencies } from './rotary-frequencies.js';

export interface RotaryOptions extends RotaryConfig {
  /** The position of row 0: one number, or one per batch row; 0 by default. */
  readonly offset?: number | ArrayLike<number>;
  /** Positions of all rows in place of `offset`, in any order: [T] for all of the batch alike, or one such list per batch row. */
  readonly positions?: ArrayLike<number> | readonly ArrayLike<number>[];
  /**
   * The cosines and sines of positions 0, 1, … in place of those of `base`, float32 [P, W/2] each, for frequencies that were
   * rescaled or come with a model. Borrowed; no gradient reaches them.
   */
  readonly tables?: { readonly cos: tf.Tensor2D; readonly sin: tf.Tensor2D };
}

const OPTIONS: OptionNames<RotaryOptions> = {
  base: true,
  layout: true,
  width: true,
  scaling: true,
  offset: true,
  positions: true,
  tables: true,
};
const TABLES: OptionNames<NonNullable<RotaryOptions['tables']>> = { cos: true, sin: true };

/**
 * Rotary position embedding: the pair i of features at position p turns by the angle p·θ_i, so that a dot product of two
 * rotated vectors depends on their positions through the difference alone.
 *
 * @param x [B, H, T, D] float32: queries or keys; gradients flow
 * @returns the same shape
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, UNKNOWN_OPTION, DISPOSED
 * @see Su et al. 2021, arXiv:2104.09864, §3.2.2 and eq. 34
 */
export function rotary(x: tf.Tensor4D, options: RotaryOptions = {}): tf.Tensor4D {
  checkOptions('rotary', options, OPTIONS);
  const { offset, positions, tables, ...rest } = options;
  checkTensor('rotary: x', x, { axes: ['B', 'H', 'T', 'D'] });
  const [batch, , time, features] = x.shape;
  const config = parseArguments('rotary', rotaryConfig, rest);
  const { layout = 'interleaved', width = features } = config;
  if (width > features || width % 2 !== 0) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `rotary: ${width} of the ${features} features can't turn in pairs (x [${x.shape}])`,
      hint: 'give an even width, at most D',
      details: { shape: x.shape, width },
    });
  }
  const lists = positionLists({ offset, positions }, batch, time);
  if (tables !== undefined) checkOptions('rotary: tables', tables, TABLES);
  if (tables !== undefined) checkTables(tables, config, width / 2, lists);
  if (x.size === 0) return tf.clone(x);

  const turn = layout === 'half' ? turnHalves : turnNeighbours;
  const row =
    tables === undefined ? rowOf(scaledFrequencies(width, config, 1 + extent(lists).last)) : rowOfTables(tables);
  const rotate = (y: tf.Tensor4D, direction: 1 | -1): tf.Tensor4D =>
    tf.tidy(() => {
      const angles = angleTable(lists, width / 2, row, direction);
      if (width === features) return turn(y, angles);
      const [turning, still] = tf.split(y, [width, features - width], 3) as [tf.Tensor4D, tf.Tensor4D];
      return tf.concat([turn(turning, angles), still], 3);
    });
  // The gradient is the transpose, which negates the sines (the rotation back): exact, and independent of which gradients
  // are registered.
  return tf.customGrad((y) => ({
    value: rotate(y as tf.Tensor4D, 1),
    gradFunc: (dy: tf.Tensor) => rotate(dy as tf.Tensor4D, -1),
  }))(x) as tf.Tensor4D;
}

interface Angles {
  readonly rows: number;
  readonly time: number;
  readonly pairs: number;
  /** [rows, time, pairs] */
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Writes the cosines and sines of a position's pairs. */
type AngleRow = (position: number, cos: Float32Array, sin: Float32Array) => void;

/** Computed in float64: float32 angles of distant positions would be off by more than a pair's turn. */
function rowOf({ inverseFrequency, attentionFactor }: RotaryFrequencies): AngleRow {
  return (position, cos, sin) =>
    inverseFrequency.forEach((frequency, i) => {
      cos[i] = attentionFactor * Math.cos(position * frequency);
      sin[i] = attentionFactor * Math.sin(position * frequency);
    });
}

function rowOfTables(tables: { readonly cos: tf.Tensor2D; readonly sin: tf.Tensor2D }): AngleRow {
  const [cosines, sines] = [tables.cos.dataSync<'float32'>(), tables.sin.dataSync<'float32'>()];
  return (position, cos, sin) => {
    const from = position * cos.length;
    cos.set(cosines.subarray(from, from + cos.length));
    sin.set(sines.subarray(from, from + sin.length));
  };
}

function angleTable(lists: PositionLists, pairs: number, row: AngleRow, direction: 1 | -1): Angles {
  const [rows, time] = [lists.length, lists[0].length];
  const cos = new Float32Array(rows * time * pairs);
  const sin = new Float32Array(cos.length);
  let n = 0;
  for (const list of lists) {
    for (let t = 0; t < time; t++, n += pairs) {
      row(list[t], cos.subarray(n, n + pairs), sin.subarray(n, n + pairs));
    }
  }
  if (direction === -1) for (let i = 0; i < sin.length; i++) sin[i] = -sin[i];
  return { rows, time, pairs, cos, sin };
}

function checkTables(
  { cos, sin }: { readonly cos: tf.Tensor2D; readonly sin: tf.Tensor2D },
  { base, scaling }: RotaryConfig,
  pairs: number,
  lists: PositionLists,
): void {
  checkTensor('rotary: tables.cos', cos, { axes: ['P', pairs] });
  const [count] = cos.shape;
  checkTensor('rotary: tables.sin', sin, { axes: [count, pairs] });
  if (base !== undefined || scaling !== undefined) {
    const other = base === undefined ? `scaling '${scaling!.kind}'` : `base ${base}`;
    throw new HeedError('INVALID_ARGUMENT', { message: `rotary: both ${other} and tables say how far to turn` });
  }
  const { first, last } = extent(lists);
  if (first < 0 || last >= count) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `rotary: positions ${first} to ${last} are not in tables of ${count} (cos [${cos.shape}])`,
      details: { first, last, positions: count },
    });
  }
}

function turnHalves(x: tf.Tensor4D, { rows, time, pairs, cos, sin }: Angles): tf.Tensor4D {
  const shape: [number, number, number, number] = [rows, 1, time, pairs];
  return turnPairs(x, tf.tensor4d(cos, shape), tf.tensor4d(sin, shape));
}

/** Time and pairs share an axis here, so that the two of a pair have one to themselves within rank 4. */
function turnNeighbours(x: tf.Tensor4D, { rows, time, pairs, cos, sin }: Angles): tf.Tensor4D {
  const [batch, heads] = x.shape;
  const shape: [number, number, number, number] = [rows, 1, time * pairs, 1];
  const pairwise = tf.reshape<tf.Rank.R4>(x, [batch, heads, time * pairs, 2]);
  return tf.reshape(turnPairs(pairwise, tf.tensor4d(cos, shape), tf.tensor4d(sin, shape)), x.shape);
}

/** The first half of the last axis against the second: (a, b) → (a·cos − b·sin, a·sin + b·cos). */
function turnPairs(x: tf.Tensor4D, cos: tf.Tensor4D, sin: tf.Tensor4D): tf.Tensor4D {
  const [a, b] = tf.split(x, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
  return tf.concat([tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(a, sin), tf.mul(b, cos))], 3);
}
