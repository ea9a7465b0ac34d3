import * as tf from '@tensorflow/tfjs-core';
import { gatherState } from '@heed/attention';
import { tidy, type Encoded } from '@heed/nn';
import type { Walk } from '../decoding/walk.js';
import type { SourceMemory } from './attention.js';
import type { Decoder, DecoderState } from './decoder.js';

/** Steps of a recurrent decoder, holding its state between them. Takes the memory over. */
export function recurrentWalk(decoder: Decoder, memory: SourceMemory, encoded: Encoded, beams: number): Walk {
  let state = tidy(() => {
    const start = decoder.start(encoded, memory);
    return beams === 1 ? start : gathered(start, eachTimes(encoded.memory.shape[0], beams));
  });
  return {
    step(ids, rows) {
      const before = state;
      const { state: next, ...step } = tidy(() => {
        const from = rows === undefined ? before : gathered(before, rows);
        return decoder.step(memory, from, ids, { beams, returnWeights: true, returnLogSumExp: true });
      });
      disposeState(before);
      state = next;
      return step;
    },
    dispose() {
      disposeState(state);
      memory.dispose();
    },
  };
}

/** The state whose row i is row rows[i] of another. */
function gathered({ cell, fed, attention }: DecoderState, rows: Int32Array): DecoderState {
  const index = tf.tensor1d(rows, 'int32');
  return {
    cell: tf.gather(cell, index),
    ...(fed && { fed: tf.gather(fed, index) }),
    ...(attention && { attention: gatherState(attention, rows) }),
  };
}

/** 0, 0, 1, 1, … */
const eachTimes = (rows: number, times: number): Int32Array =>
  Int32Array.from({ length: rows * times }, (_, n) => Math.floor(n / times));

function disposeState({ cell, fed, attention = {} }: DecoderState): void {
  tf.dispose([cell, ...(fed ? [fed] : []), ...Object.values(attention)]);
}
