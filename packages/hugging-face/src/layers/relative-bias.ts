import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { relativePosition, type Alignment, type Bias } from '@heed/core';
import { lookup } from '@heed/core/model-ops';
import type { ParameterTree } from '../parameters.js';

export interface RelativeBiasOptions {
  readonly heads: number;
  /** Number of values a head, each for some distances. */
  readonly buckets: number;
  /** The distance from which on all have the last value of their side. */
  readonly maxDistance: number;
  /** Whether keys after a query have values of their own. */
  readonly bothSides: boolean;
}

/** Some times what any model has; a table of all distances is made. */
const LARGEST_DISTANCE = 2 ** 20;

/**
 * A learned bias of the scores by the distance of key and query: small distances have values of their own, larger ones share some by their
 * logarithm. Of `weight` [buckets, heads].
 *
 * @throws HeedError CONFIG_INVALID for distances that can't be shared out
 * @see Raffel et al. 2019, arXiv:1910.10683, §2.1
 */
export function relativeBias(weights: ParameterTree, options: RelativeBiasOptions): (alignment: Alignment) => Bias {
  const { heads, buckets, maxDistance, bothSides } = options;
  if (buckets < (bothSides ? 4 : 2) || maxDistance <= buckets / 2 || maxDistance > LARGEST_DISTANCE) {
    throw new HeedError('CONFIG_INVALID', {
      message: `config.json: ${buckets} buckets of distances up to ${maxDistance}`,
      hint: `more than half of the buckets' number, and at most ${LARGEST_DISTANCE}`,
      details: { buckets, maxDistance },
    });
  }
  const table = weights.get('weight', [buckets, heads]);
  const ofDistances = Int32Array.from({ length: 2 * maxDistance + 1 }, (_, n) => bucketOf(n - maxDistance, options));
  return (alignment) => relativePosition(tf.transpose(lookup(table.tensor<tf.Rank.R2>(), ofDistances)), alignment);
}

/** @param distance of the key from the query, below 0 for keys before it */
function bucketOf(distance: number, { buckets, maxDistance, bothSides }: RelativeBiasOptions): number {
  const ofSide = bothSides ? buckets / 2 : buckets;
  const first = bothSides && distance > 0 ? ofSide : 0;
  const far = bothSides ? Math.abs(distance) : Math.max(-distance, 0);
  const exact = Math.floor(ofSide / 2);
  if (far < exact) return first + far;
  // In float32, as the models were trained: in between two values, rounding decides.
  const share = Math.fround(
    Math.fround(Math.log(Math.fround(far / exact))) / Math.fround(Math.log(maxDistance / exact)),
  );
  return first + Math.min(exact + Math.floor(Math.fround(share * (ofSide - exact))), ofSide - 1);
}
