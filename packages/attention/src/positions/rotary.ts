import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, checkTensor, type OptionNames } from '@heed/core';
import { rotaryEmbedding, type RotaryTables } from '@heed/core/model-ops';
import { parseArguments } from '../fields.js';
import { angleTables } from './angle-tables.js';
import { extent, followsOn, positionLists, type PositionLists } from './position-lists.js';
import { rotaryConfig, type RotaryConfig } from './rotary-config.js';
import { scaledFrequencies } from './rotary-frequencies.js';

/** Where the rows of a batch sit. */
export interface RotaryPlaces {
  /** The position of row 0: one number, or one per batch row; 0 by default. */
  readonly offset?: number | ArrayLike<number>;
  /** Positions of all rows in place of `offset`, in any order: [T] for all of the batch alike, or one such list per batch row. */
  readonly positions?: ArrayLike<number> | readonly ArrayLike<number>[];
}

export interface RotaryOptions extends RotaryConfig, RotaryPlaces {
  /**
   * The cosines and sines of positions 0, 1, … in place of those of `base`, float32 [P, W/2] each, for frequencies that were
   * rescaled or come with a model. Borrowed; no gradient reaches them.
   */
  readonly tables?: RotaryTables;
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
const TABLES: OptionNames<RotaryTables> = { cos: true, sin: true };

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
  const { layout, width = features } = config;
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
  if (tables !== undefined) return turnByTables(x, tables, layout, lists);

  // Tables of these positions alone, one after another.
  return tf.tidy(() => {
    const all = lists.flatMap((list) => Array.from(list));
    const own = angleTables(scaledFrequencies(width, config, 1 + extent(lists).last), all);
    const starts = lists.length === 1 ? 0 : lists.map((_, b) => b * time);
    return rotaryEmbedding(x, own, { ...(layout && { layout }), starts });
  });
}

/** Turns by tables that have a row for each of the positions, of which there is one or more. */
export function turnByTables(
  x: tf.Tensor4D,
  tables: RotaryTables,
  layout: RotaryConfig['layout'],
  lists: PositionLists,
): tf.Tensor4D {
  const [batch, , time] = x.shape;
  const listOf = (b: number): ArrayLike<number> => lists[lists.length === 1 ? 0 : b]!;
  if (lists.every(followsOn)) {
    const starts = lists.length === 1 ? lists[0]![0]! : lists.map((list) => list[0]!);
    return rotaryEmbedding(x, tables, { ...(layout && { layout }), starts });
  }
  const rows = Int32Array.from({ length: batch * time }, (_, n) => listOf(Math.floor(n / time))[n % time]!);
  return rotaryEmbedding(x, tables, { ...(layout && { layout }), rows });
}

function checkTables(
  { cos, sin }: RotaryTables,
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
