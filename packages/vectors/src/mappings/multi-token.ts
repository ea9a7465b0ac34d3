import type { MultiTokenOptions } from '@heed/attention';
import type * as tf from '@tensorflow/tfjs-core';
import { cannot, numberIn, type Mapping, type NamedTensors } from '../mapping.js';
import type { VectorCase } from '../vector-case.js';
import { MASKS, checkKnown, flagIn, mapHeads } from './heads.js';

/** Scores and weights of neighbouring queries, keys and heads that are mixed. */
export const mapMultiToken: Mapping = (test) => {
  checkKnown(test, [...MASKS, 'kernel', 'postKernel', 'headGroup', 'norm', 'depth']);
  const norm = flagIn(test, 'norm');
  const options: Partial<MultiTokenOptions> = {
    kernel: sizeIn(test, 'kernel'),
    ...('postKernel' in test.options && { postKernel: sizeIn(test, 'postKernel') }),
    ...('headGroup' in test.options && { headGroup: numberIn(test, 'headGroup') }),
    ...(norm && { norm, depth: numberIn(test, 'depth') }),
  };
  return mapHeads(test, {
    kind: 'multiToken',
    options,
    parameters: ({ keyQueryKernel, postKernel, headKernel, gain }): NamedTensors => ({
      key_query_kernel: keyQueryKernel!,
      ...optional('post_kernel', postKernel),
      ...optional('head_kernel', headKernel),
      ...optional('gain', gain),
    }),
  });
};

const optional = (name: string, tensor: tf.Tensor | undefined): NamedTensors =>
  tensor === undefined ? {} : { [name]: tensor };

function sizeIn(test: VectorCase, name: string): readonly [number, number] {
  const size = test.options[name];
  if (!Array.isArray(size) || size.length !== 2) cannot(test, `options.${name} is ${JSON.stringify(size)}`);
  return [Number(size[0]), Number(size[1])];
}
