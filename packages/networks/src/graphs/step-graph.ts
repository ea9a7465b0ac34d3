import type * as tf from '@tensorflow/tfjs-core';
import { tidy, under, type Graph, type GraphTensor, type GraphTensors } from '@heed/nn';
import type { WalkStep } from '../decoding/walk.js';

/** What a step gives, and the state after it by names. */
interface Stepped extends Pick<WalkStep, 'logits' | 'weights' | 'gates'> {
  readonly next: GraphTensors;
}

/**
 * One step of a decoder as a graph. It takes `symbol`, the number of the symbol before, of each row, and gives `logits` [batch, symbols],
 * `weights` [batch, source] where there is attention, and of a model that copies `gates` [batch, 1], p_gen before the sigmoid.
 *
 * @param given what it takes beside the symbols, `memory/…` and `state/…`
 */
export const stepGraph = (
  given: Readonly<Record<string, GraphTensor>>,
  step: (symbol: tf.Tensor1D, given: GraphTensors) => Stepped,
): Graph => ({
  name: 'step',
  inputs: { symbol: { shape: ['batch'], dtype: 'int32' }, ...given },
  run: ({ symbol, ...tensors }) =>
    tidy(() => {
      const { logits, weights, gates, next } = step(symbol as tf.Tensor1D, tensors);
      return { logits, ...(weights && { weights }), ...(gates && { gates }), ...under('next', next) };
    }),
});
