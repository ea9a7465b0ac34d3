import * as tf from '@tensorflow/tfjs-core';
import { replayable } from '@heed/core';
import { numbered, tidy, type Ids } from '@heed/nn';
import type { Reader } from './network.js';

/** What reading on finds: scores of the next symbol, [V], and states that the reader carries besides its caches. */
interface Read {
  readonly scores: tf.Tensor1D;
  readonly states: readonly tf.Tensor2D[];
}

/**
 * A reader of one text, whose steps of one symbol are done again where the backend can.
 *
 * @param states before the first symbol; taken over
 * @param read   reads symbols on from such states; what it keeps in caches, it tells core of by `advances`
 */
export function createReader(
  states: readonly tf.Tensor2D[],
  read: (ids: Ids, states: readonly tf.Tensor2D[]) => Read,
  dispose: () => void,
): Reader {
  const step = replayable(({ symbol, ...before }) => {
    const { scores, states: after } = read(symbol as tf.Tensor1D, Object.values(before) as tf.Tensor2D[]);
    return { scores, ...numbered<tf.Tensor>(after) };
  });
  let now = states;
  const readOne = (inputs: Int32Array): Read => {
    const { scores, ...after } = step({ symbol: tf.tensor1d(inputs, 'int32'), ...numbered<tf.Tensor>(now) });
    return { scores: scores as tf.Tensor1D, states: Object.values(after) as tf.Tensor2D[] };
  };
  return {
    next(inputs) {
      const { scores, states: next } = tidy(() => (inputs.length === 1 ? readOne(inputs) : read(inputs, now)));
      tf.dispose([...now]);
      now = next;
      return scores;
    },
    dispose() {
      step.dispose();
      tf.dispose([...now]);
      dispose();
    },
  };
}
