import * as tf from '@tensorflow/tfjs-core';
import { createReader, lookup, type Encoded, type Parameters, type Reader, type Sequences } from '@heed/nn';
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
  join(table: tf.Tensor2D, wholes: Sequences): Pooled;
}

export function createLevel(
  { encoder, pooling }: { readonly encoder: EncoderChoice; readonly pooling: PoolingChoice },
  parameters: Parameters,
  key: string,
  inputWidth: number,
): Level {
  const reader = createChosenReader(encoder, parameters, key, inputWidth);
  const { width, pool } = createPooling(pooling, parameters, `${key}/attention`, reader.memoryWidth);
  return { width, join: (table, wholes) => pool(reader.read(table, wholes)) };
}

function createChosenReader(
  choice: EncoderChoice,
  parameters: Parameters,
  key: string,
  inputWidth: number,
): Pick<Reader, 'memoryWidth' | 'read'> {
  if (choice.kind === 'none') return { memoryWidth: inputWidth, read: readNothing };
  const { besideInput, ...config } = choice;
  const reader = createReader(config, parameters, `${key}/encoder`, inputWidth);
  if (!besideInput) return reader;
  return {
    memoryWidth: reader.memoryWidth + inputWidth,
    read(table, wholes) {
      const { memory, ...encoded } = reader.read(table, wholes);
      return { ...encoded, memory: tf.concat3d([memory, readNothing(table, wholes).memory], 2) };
    },
  };
}

/** The rows themselves; past a sequence's end any. */
function readNothing(table: tf.Tensor2D, { ids, lengths, batch, time }: Sequences): Encoded {
  return { memory: tf.reshape(lookup(table, ids), [batch, time, table.shape[1]]), lengths, last: {} };
}
