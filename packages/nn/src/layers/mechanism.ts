import * as tf from '@tensorflow/tfjs-core';
import {
  bindMechanism,
  createMechanism,
  definitionOf,
  type BoundMechanism,
  type MechanismOptions,
  type Place,
} from '@heed/attention';
import type { Parameters } from './parameters.js';
import { tidy } from './tidy.js';

/**
 * A mechanism of `@heed/attention` whose parameters become the model's, under a prefix; one on the caller's tensors where the model's are.
 *
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind); for given values CHECKPOINT_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export function adoptMechanism(
  parameters: Parameters,
  prefix: string,
  config: object,
  options?: MechanismOptions,
): BoundMechanism {
  const bound = parameters.boundFor(prefix);
  if (bound !== undefined) return bindMechanism(config, bound, options);
  const mechanism = tidy(() => {
    const given = parameters.givenFor(prefix);
    const weights =
      given &&
      Object.entries(given).map(([key, { data, shape }]) => [key, tf.tensor(data.slice(), [...shape])] as const);
    return createMechanism(config, weights && Object.fromEntries(weights), options);
  });
  parameters.adopt(prefix, mechanism);
  return mechanism;
}

/**
 * A choice of attention with what its model works out: the widths, and a seed where there are parameters that start from one.
 *
 * @throws HeedError UNKNOWN_NAME (the kind)
 */
export const fitted = (
  choice: { readonly kind: string },
  place: Place,
  { mechanisms }: MechanismOptions = {},
): object => ({ ...choice, ...definitionOf('attention', choice, mechanisms).fit.options(place) });
