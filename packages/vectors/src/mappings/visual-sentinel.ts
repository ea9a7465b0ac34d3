import { bindMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, numberIn, checkOptions, type Mapping, type NamedTensors } from '../mapping.js';
import { explained, type HeadsCall } from './heads.js';

const OPTIONS = ['batch', 'steps', 'keys', 'memoryWidth', 'units', 'inputWidth', 'lengths', 'drawn'];
/** Inputs that a query is joined from. */
const QUERY = ['hidden', 'cell', 'previousHidden', 'input'];

/** Adaptive attention, which may attend to a sentinel that an LSTM's step is made into. */
export const mapVisualSentinel: Mapping = (test) => {
  checkOptions(test, OPTIONS);
  const memoryWidth = numberIn(test, 'memoryWidth');
  const queryWidth = 3 * memoryWidth + numberIn(test, 'inputWidth');
  const bind = (inputs: NamedTensors, given: NamedTensors): HeadsCall => {
    const config = {
      kind: 'visualSentinel',
      queryWidth,
      memoryWidth,
      units: numberIn(test, 'units'),
      fromCell: true,
      seed: 0,
    };
    const { inputKernel, hiddenKernel, memoryKernel, queryKernel, sentinelKernel, vector } = given;
    const mechanism = bindMechanism(config, {
      input_kernel: inputKernel!,
      hidden_kernel: hiddenKernel!,
      memory_kernel: memoryKernel!,
      query_kernel: queryKernel!,
      sentinel_kernel: sentinelKernel!,
      vector: vector!,
    });
    const parts = QUERY.map((name) => (inputs[name] ?? cannot(test, `in/${name} is missing`)) as tf.Tensor3D);
    const lengths = inputs['lengths'] as tf.Tensor1D | undefined;
    const memory = mechanism.prepare(inputs['memory'] as tf.Tensor3D, lengths && { lengths });
    return { mechanism, query: tf.concat(parts, 2), memory, options: {} };
  };
  return {
    run(inputs, parameters) {
      const { mechanism, query, memory } = bind(inputs, parameters);
      const { context, weights } = mechanism.attend(query, memory, { returnWeights: true });
      const { sentinel, beta, regionWeights, regionContext } = mechanism.parts(query, memory).between;
      return {
        context,
        extended: tf.concat([weights, tf.expandDims(beta!, -1)], -1),
        beta: beta!,
        sentinel: sentinel!,
        weights: regionWeights!,
        regionContext: regionContext!,
      };
    },
    ...explained(test, bind),
  };
};
