import * as tf from '@tensorflow/tfjs-core';
import type { Walk } from '../decoding/walk.js';
import { tidy, type Encoded } from '@heed/nn';
import type { Prepared } from './attention.js';
import type { Decoder, DecoderState } from './decoder.js';

/** Steps of a recurrent decoder, holding its state between them. Takes the prepared memory over. */
export function recurrentWalk(decoder: Decoder, prepared: Prepared, encoded: Encoded, beams: number): Walk {
  let state: DecoderState = tidy(() => decoder.start(encoded).map((tensor) => repeatRows(tensor, beams)));
  return {
    step(ids, rows) {
      const before = state;
      const { state: next, ...step } = tidy(() => {
        const from = rows === undefined ? before : before.map((tensor) => gatherRows(tensor, rows));
        return decoder.step(prepared, from, ids, { beams, returnWeights: true, returnLogSumExp: true });
      });
      tf.dispose(before as tf.Tensor[]);
      state = next;
      return step;
    },
    dispose() {
      tf.dispose(state as tf.Tensor[]);
      prepared.dispose();
    },
  };
}

function gatherRows(x: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  return tf.gather(x, tf.tensor1d(rows, 'int32'));
}

function repeatRows(x: tf.Tensor2D, times: number): tf.Tensor2D {
  if (times === 1) return tf.clone(x);
  const [rows, width] = x.shape;
  return tf.reshape(tf.tile(tf.reshape(x, [rows, 1, width]), [1, times, 1]), [rows * times, width]);
}
