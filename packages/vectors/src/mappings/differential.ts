import { bindMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, numberIn, type Mapping, type NamedTensors } from '../mapping.js';
import type { VectorCase } from '../vector-case.js';
import { MASKS, checkKnown, explained, maskingOf, split, type HeadsCall } from './heads.js';

/** Differences of two softmaxes, projections and head norms included. */
export const mapDifferential: Mapping = (test) => {
  checkKnown(test, [...MASKS, 'depth']);
  const bind = (inputs: NamedTensors, parameters: NamedTensors): HeadsCall =>
    callOf(test, inputs, parameters, parameters['outputKernel']!);
  return {
    run(inputs, parameters) {
      const { mechanism, query, memory, options } = bind(inputs, parameters);
      const { context: output, weights } = mechanism.attend(query, memory, { ...options, returnWeights: true });
      const width = parameters['outputKernel']!.shape[0]!;
      // The heads, which an output kernel of ones leaves as they are.
      const heads = callOf(test, inputs, parameters, tf.eye(width));
      const { context } = heads.mechanism.attend(heads.query, heads.memory, options);
      return {
        output,
        weights,
        context: split(context, numberIn(test, 'heads')),
        lambda: mechanism.parts(query, memory, options).between['lambda']!,
      };
    },
    ...explained(test, bind),
  };
};

function callOf(test: VectorCase, { x, lengths }: NamedTensors, given: NamedTensors, kernel: tf.Tensor): HeadsCall {
  const { queryKernel, keyKernel, valueKernel, lambdaQ1, lambdaK1, lambdaQ2, lambdaK2, gain } = given;
  if (x === undefined) cannot(test, 'in/x is missing');
  const query = x as tf.Tensor3D;
  const mechanism = bindMechanism(
    {
      kind: 'differential',
      queryWidth: query.shape[2],
      memoryWidth: query.shape[2],
      heads: numberIn(test, 'heads'),
      headWidth: numberIn(test, 'width'),
      outputWidth: kernel.shape[1],
      depth: numberIn(test, 'depth'),
      seed: 0,
    },
    {
      query_kernel: queryKernel!,
      key_kernel: keyKernel!,
      value_kernel: valueKernel!,
      output_kernel: kernel,
      lambda_q1: lambdaQ1!,
      lambda_k1: lambdaK1!,
      lambda_q2: lambdaQ2!,
      lambda_k2: lambdaK2!,
      gain: gain!,
    },
  );
  const memory = mechanism.prepare(query, lengths === undefined ? {} : { lengths: lengths as tf.Tensor1D });
  return { mechanism, query, memory, options: maskingOf(test) };
}
