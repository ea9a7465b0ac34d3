import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, checkTensor, type OptionNames } from '@heed/core';
import * as v from 'valibot';
import { parseArguments, positive, width, wholeNumber } from '../fields.js';
import { DEFAULT_BASE, frequencies } from './frequencies.js';

export interface RotaryConfig {
  /** θ_i = base^(−2i/W); 10000 by default. */
  readonly base?: number;
  /**
   * Which features make a pair: 'interleaved' (2i, 2i + 1), as in the paper and by default; 'half' (i, i + W/2), as in
   * GPT-NeoX and Llama. Parameters trained with one are wrong with the other.
   */
  readonly layout?: 'interleaved' | 'half';
  /** W: only the first W features turn, all by default. Even. */
  readonly width?: number;
}

export interface RotaryOptions extends RotaryConfig {
  /** The position of row 0: one number, or one per batch row; 0 by default. */
  readonly offset?: number | ArrayLike<number>;
  /**
   * The cosines and sines of positions 0, 1, … in place of those of `base`, float32 [P, W/2] each, for frequencies that were
   * rescaled or come with a model. Borrowed; no gradient reaches them.
   */
  readonly tables?: { readonly cos: tf.Tensor2D; readonly sin: tf.Tensor2D };
}

export const rotaryConfig = v.strictObject({
  base: v.optional(positive),
  layout: v.optional(v.picklist(['interleaved', 'half'])),
  width: v.optional(v.pipe(width, v.multipleOf(2))),
});

const OPTIONS: OptionNames<RotaryOptions> = { base: true, layout: true, width: true, offset: true, tables: true };
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
  const { offset = 0, tables, ...rest } = options;
  checkTensor('rotary: x', x, { axes: ['B', 'H', 'T', 'D'] });
  const [batch, , time, features] = x.shape;
  const config = parseArguments('rotary', rotaryConfig, rest);
  const { base = DEFAULT_BASE, layout = 'interleaved', width = features } = config;
  if (width > features || width % 2 !== 0) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `rotary: ${width} of the ${features} features can't turn in pairs (x [${x.shape}])`,
      hint: 'give an even width, at most D',
      details: { shape: x.shape, width },
    });
  }
  const offsets = typeof offset === 'number' ? [offset] : Array.from(offset);
  if (offsets.length !== 1 && offsets.length !== batch) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `rotary: ${offsets.length} offsets for a batch of ${batch}`,
      hint: 'give one number, or one per batch row',
    });
  }
  for (const value of offsets) parseArguments('rotary', v.strictObject({ offset: wholeNumber }), { offset: value });
  if (tables !== undefined) checkOptions('rotary: tables', tables, TABLES);
  if (tables !== undefined) checkTables(tables, { base: config.base, pairs: width / 2, offsets, time });
  if (x.size === 0) return tf.clone(x);

  // Rows of one offset share their angles, as nearly always.
  const distinct = offsets.every((value) => value === offsets[0]) ? offsets.slice(0, 1) : offsets;
  const turn = layout === 'half' ? turnHalves : turnNeighbours;
  const row = tables === undefined ? rowOfBase(frequencies(width, base)) : rowOfTables(tables);
  const rotate = (y: tf.Tensor4D, direction: 1 | -1): tf.Tensor4D =>
    tf.tidy(() => {
      const angles = angleTable(distinct, time, width / 2, row, direction);
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
function rowOfBase(theta: Float64Array): AngleRow {
  return (position, cos, sin) =>
    theta.forEach((frequency, i) => {
      cos[i] = Math.cos(position * frequency);
      sin[i] = Math.sin(position * frequency);
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

function angleTable(offsets: readonly number[], time: number, pairs: number, row: AngleRow, direction: 1 | -1): Angles {
  const cos = new Float32Array(offsets.length * time * pairs);
  const sin = new Float32Array(cos.length);
  let n = 0;
  for (const offset of offsets) {
    for (let t = 0; t < time; t++, n += pairs) {
      row(offset + t, cos.subarray(n, n + pairs), sin.subarray(n, n + pairs));
    }
  }
  if (direction === -1) for (let i = 0; i < sin.length; i++) sin[i] = -sin[i];
  return { rows: offsets.length, time, pairs, cos, sin };
}

function checkTables(
  { cos, sin }: { readonly cos: tf.Tensor2D; readonly sin: tf.Tensor2D },
  use: { base: number | undefined; pairs: number; offsets: readonly number[]; time: number },
): void {
  checkTensor('rotary: tables.cos', cos, { axes: ['P', use.pairs] });
  const [positions] = cos.shape;
  checkTensor('rotary: tables.sin', sin, { axes: [positions, use.pairs] });
  if (use.base !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `rotary: both base ${use.base} and tables say how far to turn`,
    });
  }
  const [first, last] = [Math.min(...use.offsets), Math.max(...use.offsets) + use.time - 1];
  if (use.time > 0 && (first < 0 || last >= positions)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `rotary: positions ${first} to ${last} are not in tables of ${positions} (cos [${cos.shape}])`,
      details: { first, last, positions },
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
