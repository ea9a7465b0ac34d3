import { eluFeatures, linearWeights } from '@heed/attention';
import { explain, linearAttention } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { checkOptions, flagIn, type Mapping, type NamedTensors } from '../mapping.js';
import { axesOf, tensorLike } from './shapes.js';

const OPTIONS = ['batch', 'heads', 'queries', 'keys', 'width', 'valueWidth', 'causal', 'lengths'];

/** Linear attention with the features elu + 1, causal or over all keys. Padded keys have no features, so that all queries are computed. */
export const mapLinear: Mapping = (test) => {
  checkOptions(test, OPTIONS);
  const causal = flagIn(test, 'causal');
  const [, , queries] = axesOf(test, 'q');
  const [, , keys] = axesOf(test, 'k');
  const { path, reasons } = explain({
    op: 'linearAttention',
    query: tensorLike(test, 'q'),
    key: tensorLike(test, 'k'),
    value: tensorLike(test, 'v'),
    normalize: true,
    causal: causal && queries === keys,
  });
  return {
    run: ({ q, k, v, lengths, state0, z0 }) => {
      const [query, key] = [eluFeatures(q!), withinLengths(eluFeatures(k!), lengths)];
      // Causal: query i sees key i, so there are as many of one as of the other; those that are added see nothing, or aren't seen.
      const steps = causal ? Math.max(q!.shape[2]!, k!.shape[2]!) : undefined;
      const { context, state, normalizer } = linearAttention(
        padded(query, steps),
        padded(key, steps),
        padded(withinLengths(v!, lengths), steps),
        {
          normalize: true,
          causal,
          returnState: true,
          ...(state0 && { initialState: state0, initialNormalizer: z0! }),
        },
      );
      const [batch, heads, , width] = context.shape;
      const seen = tf.slice(context, [0, 0, 0, 0], [batch, heads, q!.shape[2]!, width]);
      const results: NamedTensors = { context: seen, state, z: normalizer };
      return state0 === undefined ? { ...results, weights: linearWeights(query, key, { causal }) } : results;
    },
    ...(causal &&
      queries === keys && {
        carried: {
          steps: queries,
          inputs: { q: 2, k: 2, v: 2 },
          outputs: { context: 2 },
          states: ['state', 'z'],
          lengths: 'lengths',
        },
      }),
    path,
    reasons,
  };
};

/** Zeros for the keys past each row's length, lengths [B]. */
function withinLengths(x: Tensor, lengths: Tensor | undefined): Tensor {
  if (lengths === undefined) return x;
  const [batch, , keys] = x.shape as [number, number, number, number];
  const places = tf.reshape(tf.range(0, keys, 1, 'int32'), [1, 1, keys, 1]);
  const there = tf.less(places, tf.reshape(lengths, [batch, 1, 1, 1]));
  return tf.where(tf.broadcastTo(there, x.shape), x, tf.zerosLike(x));
}

const padded = (x: Tensor, steps: number | undefined): Tensor4D =>
  (steps === undefined || steps === x.shape[2]
    ? x
    : tf.pad(x, [
        [0, 0],
        [0, 0],
        [0, steps - x.shape[2]!],
        [0, 0],
      ])) as Tensor4D;
