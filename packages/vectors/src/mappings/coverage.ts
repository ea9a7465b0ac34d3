import { coverageLoss } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Mapping } from '../mapping.js';
import { hasBias, mapDecoding, type Seen } from './decoding.js';

export const mapCoverage: Mapping = (test) =>
  mapDecoding(test, {
    config: { kind: 'coverage', units: test.options['units'], bias: hasBias(test) },
    states: ['coverage'],
    more: { coverageLoss: lossOfEach },
  });

export const mapCoverageLinguistic: Mapping = (test) => {
  const { units, maxFertility } = test.options;
  return mapDecoding(test, {
    config: { kind: 'coverageLinguistic', units, bias: hasBias(test), maxFertility },
    options: ['maxFertility'],
    states: ['coverage'],
    once: { fertility: fertilityOf },
  });
};

export const mapCoverageGru: Mapping = (test) => {
  const { units, coverageWidth } = test.options;
  return mapDecoding(test, {
    config: { kind: 'coverageGru', units, bias: hasBias(test), coverageWidth },
    options: ['coverageWidth'],
    states: ['coverage'],
  });
};

/** The last of a key's features, [B, S]; 0 at padding. */
function fertilityOf({ keys, lengths }: Seen): tf.Tensor {
  const [batch, positions, features] = keys.shape;
  const fertility = tf.reshape(tf.slice(keys, [0, 0, features - 1], [-1, -1, 1]), [batch, positions]);
  if (lengths === undefined) return fertility;
  return tf.where(tf.less(tf.range(0, positions, 1, 'int32'), tf.expandDims(lengths, 1)), fertility, 0);
}

/** The loss of each step, [B, T]. */
function lossOfEach({ weights, told: { coverage } }: Seen): tf.Tensor {
  const [batch, steps, keys] = weights.shape;
  const row = (x: tf.Tensor, n: number): tf.Tensor2D =>
    tf.slice(tf.reshape<tf.Rank.R2>(x, [batch * steps, keys]), [n, 0], [1, keys]);
  const losses = Array.from({ length: batch * steps }, (_, n) =>
    coverageLoss(row(weights, n), row(coverage!, n), Float32Array.of(1)),
  );
  return tf.reshape(tf.stack(losses), [batch, steps]);
}
