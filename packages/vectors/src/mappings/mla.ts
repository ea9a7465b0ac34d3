import { bindMechanism, type LatentOptions } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, numberIn, type Mapping, type NamedTensors } from '../mapping.js';
import type { VectorCase } from '../vector-case.js';
import { MASKS, checkKnown, explained, flagIn, maskingOf, split, type HeadsCall } from './heads.js';

/** Latents that are cached in place of keys and values, in the form that makes them and in the one that doesn't. */
export const mapMla: Mapping = (test) => {
  checkKnown(test, [...MASKS, 'rotaryWidth', 'latentWidth', 'base', 'queryLatent', 'norm']);
  const bind = (inputs: NamedTensors, parameters: NamedTensors): HeadsCall =>
    callOf(test, inputs, parameters, parameters['outputKernel']!, 'plain');
  return {
    run(inputs, parameters) {
      const { mechanism, query, memory, options } = bind(inputs, parameters);
      const { context: output, weights } = mechanism.attend(query, memory, { ...options, returnWeights: true });
      // The cache of positions past a row's end is expected too, so they are none past it here.
      const { keys, values } = mechanism.parts(query, mechanism.prepare(query), options);
      // The heads, which an output kernel of ones leaves as they are; by the other form, which must be equal.
      const identity = tf.eye(parameters['outputKernel']!.shape[0]!);
      const heads = callOf(test, inputs, parameters, identity, 'absorbed');
      const { context } = heads.mechanism.attend(heads.query, heads.memory, options);
      return {
        output,
        weights,
        context: split(context, numberIn(test, 'heads')),
        latent: tf.squeeze(values, [1]),
        rotaryKey: tf.squeeze(keys, [1]),
      };
    },
    ...explained(test, bind),
  };
};

function callOf(
  test: VectorCase,
  { x, lengths }: NamedTensors,
  given: NamedTensors,
  kernel: tf.Tensor,
  form: NonNullable<LatentOptions['form']>,
): HeadsCall {
  if (x === undefined) cannot(test, 'in/x is missing');
  const query = x as tf.Tensor3D;
  const hasQueryLatent = 'queryLatent' in test.options;
  const norm = flagIn(test, 'norm');
  const mechanism = bindMechanism(
    {
      kind: 'latent',
      queryWidth: query.shape[2],
      memoryWidth: query.shape[2],
      heads: numberIn(test, 'heads'),
      headWidth: numberIn(test, 'width'),
      valueWidth: numberIn(test, 'valueWidth'),
      rotaryWidth: numberIn(test, 'rotaryWidth'),
      latentWidth: numberIn(test, 'latentWidth'),
      outputWidth: kernel.shape[1],
      base: numberIn(test, 'base'),
      ...(hasQueryLatent && { queryLatentWidth: numberIn(test, 'queryLatent') }),
      norm,
      form,
      seed: 0,
    },
    {
      down_kernel: given['downKernel']!,
      rotary_key_kernel: given['rotaryKeyKernel']!,
      key_up_kernel: given['keyUpKernel']!,
      value_up_kernel: given['valueUpKernel']!,
      query_kernel: given['queryKernel']!,
      output_kernel: kernel,
      ...(hasQueryLatent && { query_down_kernel: given['queryDownKernel']! }),
      ...(norm && { latent_gain: given['latentGain']! }),
      ...(norm && hasQueryLatent && { query_latent_gain: given['queryLatentGain']! }),
    },
  );
  const memory = mechanism.prepare(query, lengths === undefined ? {} : { lengths: lengths as tf.Tensor1D });
  return { mechanism, query, memory, options: maskingOf(test) };
}
