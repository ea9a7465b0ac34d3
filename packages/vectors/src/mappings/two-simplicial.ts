import { bindMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, numberIn, type Mapping, type NamedTensors } from '../mapping.js';
import { checkKnown, explained, flagIn, merged, picking, split, type HeadsCall } from './heads.js';

/** Pairs of positions that queries attend to. */
export const mapTwoSimplicial: Mapping = (test) => {
  checkKnown(test, ['window1', 'window2', 'causal']);
  const isCausal = flagIn(test, 'causal');
  if (!isCausal && ('window1' in test.options || 'window2' in test.options)) cannot(test, 'windows need causal');
  const windows = isCausal ? { windows: [numberIn(test, 'window1'), numberIn(test, 'window2')] } : {};
  const bind = ({ q, k1, k2, v1, v2, lengths }: NamedTensors): HeadsCall => {
    const [query, ...sources] = [q, k1, k2, v1, v2].map((x) =>
      merged((x ?? cannot(test, 'in/q, in/k1, in/k2, in/v1 and in/v2 are needed')) as tf.Tensor4D),
    ) as [tf.Tensor3D, ...tf.Tensor3D[]];
    // All four stand end to end in the memory, and kernels of ones and zeros pick them.
    const memory = tf.concat(sources, 2);
    const [, heads, , headWidth] = q!.shape;
    const valueWidth = v1!.shape[3]!;
    const at = sources.map((_, n) => sources.slice(0, n).reduce((sum, { shape }) => sum + shape[2], 0));
    const pick = (n: number): tf.Tensor2D => picking(at[n]!, sources[n]!.shape[2], memory.shape[2]);
    const mechanism = bindMechanism(
      {
        kind: 'twoSimplicial',
        queryWidth: query.shape[2],
        memoryWidth: memory.shape[2],
        heads,
        headWidth,
        valueWidth,
        outputWidth: heads! * valueWidth,
        seed: 0,
        ...windows,
      },
      {
        query_kernel: tf.eye(query.shape[2]),
        key_kernel: pick(0),
        second_key_kernel: pick(1),
        value_kernel: pick(2),
        second_value_kernel: pick(3),
        output_kernel: tf.eye(heads! * valueWidth),
      },
    );
    const prepared = mechanism.prepare(memory, lengths === undefined ? {} : { lengths: lengths as tf.Tensor1D });
    return { mechanism, query, memory: prepared, options: { causal: false, alignment: { align: 'top-left' } } };
  };
  return {
    run(inputs) {
      const { mechanism, query, memory, options } = bind(inputs);
      const { context } = mechanism.attend(query, memory, options);
      return {
        context: split(context, inputs['q']!.shape[1]!),
        weights: mechanism.parts(query, memory, options).between['pairs']!,
      };
    },
    ...explained(test, bind),
  };
};
