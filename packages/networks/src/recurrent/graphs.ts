import type * as tf from '@tensorflow/tfjs-core';
import { outputsOf, within, type Graph } from '@heed/nn';
import { stepGraph } from '../graphs/step-graph.js';
import type { WalkStep } from '../decoding/walk.js';
import type { RecurrentSteps } from './steps.js';

/**
 * The encoder, and one step of the decoder.
 *
 * @throws HeedError as the parts do
 */
export function recurrentGraphs(steps: RecurrentSteps): Graph[] {
  const encode: Graph = {
    name: 'encoder',
    inputs: { source: { shape: ['batch', 'source'], dtype: 'int32' } },
    run: (given) => steps.encode(given),
  };
  const step = stepGraph(outputsOf(encode), (symbol, given) => {
    const seen = steps.step({ symbol, ...given }, { returnWeights: true });
    const { logits, weights, gates } = seen as Readonly<Record<string, tf.Tensor2D>> & WalkStep;
    return { logits, ...(weights && { weights }), ...(gates && { gates }), next: within('next', seen) };
  });
  return [encode, step];
}
