import * as tf from '@tensorflow/tfjs-core';
import { HeedError, show } from '@heed/base';

/** Sequences of whole numbers, all of one length: [B][T]. */
export type Ids = readonly (readonly number[])[];

/** Tokens of a batch, checked. */
export interface Tokens {
  readonly batch: number;
  readonly time: number;
  /** [B·T] */
  readonly ids: Int32Array;
  /** 1 where a token is real, 0 where it pads, [B·T]. */
  readonly mask: Int32Array;
  /** Numbers of segments, [B·T]; 0 by default. */
  readonly types: Int32Array;
  /** Positions, a list for each sequence. */
  readonly positions: readonly Int32Array[];
  /** The same, one sequence after another, [B·T]. */
  readonly places: Int32Array;
}

/** Positions of a sequence's tokens, where none are given. */
type PositionRule = (ids: Int32Array, mask: Int32Array) => Int32Array;

export interface GivenTokens {
  readonly ids: Ids | undefined;
  readonly mask?: Ids | undefined;
  readonly types?: Ids | undefined;
  readonly positions?: Ids | undefined;
}

export interface TokenLimits {
  readonly vocabulary: number;
  /** Number of kinds of segments that there are embeddings of; 1 by default. */
  readonly segments?: number;
  /** Number of positions that there are embeddings of; as many as one likes when absent. */
  readonly maxPositions?: number | undefined;
  /** 0, 1, … by default. */
  readonly positionRule?: PositionRule | undefined;
}

/** 0, 1, … whatever the tokens are. */
const inOrder: PositionRule = (ids) => ids.map((_, t) => t);

/**
 * @param name the name of the ids among the inputs, for messages
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH
 */
export function readTokens(
  name: string,
  given: GivenTokens,
  { vocabulary, segments = 1, maxPositions, positionRule = inOrder }: TokenLimits,
): Tokens {
  const { ids: rows } = given;
  if (!Array.isArray(rows) || rows.length === 0 || !Array.isArray(rows[0]) || rows[0].length === 0) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${name} are ${show(rows)}`,
      hint: 'a list of token ids for each sequence, all of one length: pad shorter ones and say so in the mask',
    });
  }
  const [batch, time] = [rows.length, rows[0].length];
  const table = (what: string, ids: Ids | undefined, count: number, fallback: number): Int32Array =>
    ids === undefined
      ? new Int32Array(batch * time).fill(fallback)
      : flatten(what, ids, { batch, time, count, of: name });
  const ids = table(name, rows, vocabulary, 0);
  const mask = table(`mask of ${name}`, given.mask, 2, 1);
  const rowOf = (values: Int32Array, b: number): Int32Array => values.subarray(b * time, (b + 1) * time);
  const places = given.positions && table('positionIds', given.positions, LARGEST_POSITION, 0);
  const positions = rows.map((_, b) =>
    places === undefined ? positionRule(rowOf(ids, b), rowOf(mask, b)) : rowOf(places, b),
  );
  const last = positions.reduce((most, list) => list.reduce((a, b) => Math.max(a, b), most), 0);
  if (maxPositions !== undefined && last >= maxPositions) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${name}: position ${last} is past the last of the model, ${maxPositions - 1}`,
      hint: 'give shorter sequences',
      details: { last, maxPositions },
    });
  }
  const types = table('tokenTypeIds', given.types, segments, 0);
  return { batch, time, ids, mask, types, positions, places: flatPositions(positions) };
}

/** Which tokens are real, bool [B, T]; undefined when all are. */
export function presentOf(mask: Int32Array, batch: number): tf.Tensor2D | undefined {
  return mask.includes(0) ? tf.tensor2d(mask, [batch, mask.length / batch], 'bool') : undefined;
}

const LARGEST_POSITION = 2 ** 29;

interface Extent {
  readonly batch: number;
  readonly time: number;
  /** The numbers are below it. */
  readonly count: number;
  readonly of: string;
}

function flatten(what: string, rows: Ids, { batch, time, count, of }: Extent): Int32Array {
  if (!Array.isArray(rows) || rows.length !== batch || rows.some((row) => row.length !== time)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what} are not [${batch}, ${time}]${what === of ? '' : `, as ${of} are`}`,
      hint: 'all sequences of a batch have one length',
    });
  }
  const flat = Int32Array.from(rows.flat());
  rows.flat().forEach((id, n) => {
    if (Number.isInteger(id) && id >= 0 && id < count) return;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what} have ${show(id)} in sequence ${Math.floor(n / time)}`,
      hint: `whole numbers from 0 to ${count - 1}`,
    });
  });
  return flat;
}

/** Positions of all sequences, one after another: [B·T]. */
export const flatPositions = (positions: readonly Int32Array[]): Int32Array =>
  Int32Array.from(positions.flatMap((list) => Array.from(list)));

/** The mask by sequences, [B][T]. */
export const rowsOfMask = ({ batch, time, mask }: Tokens): Ids =>
  Array.from({ length: batch }, (_, b) => Array.from(mask.subarray(b * time, (b + 1) * time)));
