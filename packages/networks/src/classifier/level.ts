import * as tf from '@tensorflow/tfjs-core';
import { createReader, lookup, type Encoded, type PaddedIds, type Parameters, type Reader } from '@heed/nn';
import type { EncoderChoice, PoolingChoice } from './config.js';
import { createPooling, type Pooled } from './pooling.js';

/** A level, which makes vectors of wholes from vectors of their parts: from words to sentences, or from sentences to texts. */
export interface Level {
  /** C */
  readonly width: number;
  /**
   * @param table vectors of the parts, [N, X]
   * @param wholes each a sequence of rows of the table, none empty
   * @returns vectors [B, C]; weights [B, T] with attention
   */
  join(table: tf.Tensor2D, wholes: PaddedIds): Pooled;
  /** The same of wholes of one length: vectors of their parts, [B, T, X]. */
  joinVectors(parts: tf.Tensor3D): Pooled;
}

export function createLevel(
  { encoder, pooling }: { readonly encoder: EncoderChoice; readonly pooling: PoolingChoice },
  parameters: Parameters,
  key: string,
  inputWidth: number,
): Level {
  const reader = createChosenReader(encoder, parameters, key, inputWidth);
  const { width, pool } = createPooling(pooling, parameters, `${key}/attention`, reader.memoryWidth);
  return {
    width,
    join: (table, wholes) => pool(reader.read(table, wholes)),
    joinVectors: (parts) => pool(reader.readVectors(parts)),
  };
}

interface ChosenReader extends Pick<Reader, 'memoryWidth'> {
  read(table: tf.Tensor2D, wholes: PaddedIds): Encoded;
  readVectors(x: tf.Tensor3D): Encoded;
}

function createChosenReader(
  choice: EncoderChoice,
  parameters: Parameters,
  key: string,
  inputWidth: number,
): ChosenReader {
  if (choice.kind === 'none')
    return { memoryWidth: inputWidth, read: readNothing, readVectors: (memory) => ({ memory, last: {} }) };
  const { besideInput, ...config } = choice;
  const reader = createReader(config, parameters, `${key}/encoder`, inputWidth);
  if (!besideInput) return reader;
  return {
    memoryWidth: reader.memoryWidth + inputWidth,
    read(table, wholes) {
      const { memory, ...encoded } = reader.read(table, wholes);
      return { ...encoded, memory: tf.concat3d([memory, readNothing(table, wholes).memory], 2) };
    },
    readVectors(x) {
      const { memory, last } = reader.readVectors(x);
      return { last, memory: tf.concat3d([memory, x], 2) };
    },
  };
}

/** The rows themselves; past a sequence's end any. */
function readNothing(table: tf.Tensor2D, { ids, lengths, batch, time }: PaddedIds): Encoded {
  return { memory: tf.reshape(lookup(table, ids), [batch, time, table.shape[1]]), lengths, last: {} };
}
