import * as tf from '@tensorflow/tfjs-core';
import type { Finished } from '../../comparison.js';
import type { Parameters } from '../../definition.js';
import { repeatHeads } from '../../linear.js';
import type { ParameterSpec } from '../../parameters.js';
import { zeros } from './layers.js';
import type { MultiHeadConfig } from './multi-head-options.js';
import { restOf, withPosition, type OwnPosition } from '../../own-position.js';

type Config = Pick<
  MultiHeadConfig,
  'sinks' | 'learnedPosition' | 'zeroPosition' | 'heads' | 'keyHeads' | 'headWidth' | 'valueWidth'
>;

/** Parameters of the positions that every query may attend to, whatever the memory. */
export const ownPositionSpecs = (config: Config): Record<string, ParameterSpec> => ({
  ...(config.sinks && { sinks: zeros([config.heads]) }),
  ...(config.learnedPosition && {
    position_key: zeros([config.keyHeads * config.headWidth]),
    position_value: zeros([config.keyHeads * config.valueWidth]),
  }),
});

/**
 * Those positions by name, in the order in which they follow on the memory's.
 *
 * @param scoreOf the scores [N, H, T] of a key [Hq, D] that all rows share
 */
export function ownPositions(
  { sinks, learnedPosition, zeroPosition, heads, keyHeads, headWidth, valueWidth }: Config,
  parameters: Parameters,
  scoreOf: (key: tf.Tensor2D) => tf.Tensor,
): Readonly<Record<string, OwnPosition>> {
  const ofHeads = (name: string, width: number): tf.Tensor2D => {
    const vectors = repeatHeads(tf.reshape(parameters[name]!, [1, keyHeads, 1, width]), heads);
    return tf.reshape(vectors, [heads, width]);
  };
  return {
    ...(learnedPosition && {
      learnedPosition: {
        logits: scoreOf(ofHeads('position_key', headWidth)),
        value: tf.expandDims(ofHeads('position_value', valueWidth), 1), // [H, 1, Dv]
      },
    }),
    ...(zeroPosition && { zeroPosition: { logits: tf.zeros([heads]) } }),
    ...(sinks && { sinks: { logits: parameters['sinks']! } }),
  };
}

/** What attention finds with these positions besides; undefined when there are none. */
export function finisher(positions: Readonly<Record<string, OwnPosition>>): ((seen: Finished) => Finished) | undefined {
  const all = Object.values(positions);
  return all.length === 0 ? undefined : (seen) => all.reduce(withPosition, seen);
}

/** The weight of each of these positions by name, [N, H, T]: of what the memory leaves, as their logits share it. */
export function weightsOfOwn(
  positions: Readonly<Record<string, OwnPosition>>,
  weights: tf.Tensor,
): Readonly<Record<string, tf.Tensor>> {
  const names = Object.keys(positions);
  const rest = restOf(weights);
  if (names.length < 2) return Object.fromEntries(names.map((name) => [name, rest]));
  const logits = Object.values(positions).map(({ logits: one }) =>
    tf.broadcastTo(one.rank === 1 ? tf.reshape(one, [1, one.size, 1]) : one, rest.shape),
  );
  const shares = tf.unstack(tf.softmax(tf.stack(logits, -1)), -1);
  return Object.fromEntries(names.map((name, n) => [name, tf.mul(rest, shares[n]!)]));
}
