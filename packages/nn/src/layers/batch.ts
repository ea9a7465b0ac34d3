import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { BOUNDARY, type Vocabulary } from './vocabulary.js';

/** Sequences side by side, short ones filled up with the boundary. */
export interface PaddedIds {
  /** [B, T] row-major. */
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
  readonly batch: number;
  readonly time: number;
}

/** Sequences of one length side by side, in a tensor. */
export interface EqualIds {
  /** int32 [B·T], one after the other. */
  readonly ids: tf.Tensor1D;
  readonly lengths?: undefined;
  readonly batch: number;
  readonly time: number;
}

/** Sequences of numbers. */
export type Sequences = PaddedIds | EqualIds;

/** Sequences that are the rows of an int32 tensor [B, T]. */
export function equalIds(rows: tf.Tensor): EqualIds {
  const [batch, time] = rows.shape as [number, number];
  return { ids: tf.reshape(rows, [batch * time]), batch, time };
}

/** What a decoder is taught with: the outputs, shifted by one, and which places count. Time-major, [T, B]. */
export interface TeachingBatch {
  /** The symbol before each place. */
  readonly inputs: Int32Array;
  /** The symbol at each place; the boundary after the last one. */
  readonly targets: Int32Array;
  /** 1 up to the closing boundary, 0 for padding. */
  readonly counts: Float32Array;
  readonly batch: number;
  readonly time: number;
}

/**
 * @param unknown the number of a symbol that the vocabulary lacks, when such a number there is
 * @throws HeedError INVALID_ARGUMENT for an empty sequence, or for a symbol without a number
 */
export function encodeSources(
  sequences: readonly (readonly string[])[],
  vocabulary: Vocabulary,
  unknown?: number,
): number[][] {
  return sequences.map((sequence, i) => {
    if (sequence.length === 0) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `source ${i} of ${sequences.length} is empty`,
        hint: 'a source has at least one symbol',
      });
    }
    if (unknown !== undefined) return sequence.map((symbol) => vocabulary.number(symbol) ?? unknown);
    return vocabulary.encode(sequence);
  });
}

export function pad(sequences: readonly ArrayLike<number>[]): PaddedIds {
  const time = sequences.reduce((longest, { length }) => Math.max(longest, length), 0);
  const ids = new Int32Array(sequences.length * time).fill(BOUNDARY);
  sequences.forEach((sequence, b) => ids.set(sequence, b * time));
  const lengths = Int32Array.from(sequences, ({ length }) => length);
  return { ids, lengths, batch: sequences.length, time };
}

/** @param unknown what a decoder is given in place of this number and of greater ones: symbols that it has no vector for */
export function teachingBatch(targets: readonly (readonly number[])[], unknown = Infinity): TeachingBatch {
  const batch = targets.length;
  const time = targets.reduce((longest, { length }) => Math.max(longest, length), 0) + 1;
  const inputs = new Int32Array(time * batch).fill(BOUNDARY);
  const shifted = new Int32Array(time * batch).fill(BOUNDARY);
  const counts = new Float32Array(time * batch);
  targets.forEach((target, b) => {
    for (let t = 0; t <= target.length; t++) {
      if (t > 0) inputs[t * batch + b] = Math.min(target[t - 1], unknown);
      if (t < target.length) shifted[t * batch + b] = target[t];
      counts[t * batch + b] = 1;
    }
  });
  return { inputs, targets: shifted, counts, batch, time };
}
