import * as tf from '@tensorflow/tfjs-core';
import { createMechanism, type AttentionMechanism } from '@heed/attention';
import type { Parameters } from './parameters.js';
import { uniform } from './random.js';
import { tidy } from './tidy.js';

const TWO_32 = 2 ** 32;

/**
 * A mechanism of `@heed/attention` as a part of a model: its parameters become the model's, as `key/…`. Mechanisms of
 * one model start from different values, their seeds being drawn from the model's by their keys.
 *
 * @param options with `kind`, and without `seed` and `name`
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind); for given values CHECKPOINT_INVALID, SHAPE_MISMATCH,
 *   NOT_FINITE
 */
export function adoptMechanism(
  parameters: Parameters,
  key: string,
  options: { readonly kind: string; readonly [option: string]: unknown },
): AttentionMechanism {
  const seed = Math.floor(uniform({ seed: parameters.seed, name: `mechanism/${key}` })() * TWO_32);
  const mechanism = tidy(() => {
    const given = parameters.givenFor(key);
    const weights =
      given &&
      Object.entries(given).map(([name, { data, shape }]) => [name, tf.tensor(data.slice(), [...shape])] as const);
    return createMechanism(
      WITHOUT_SEED.has(options.kind) ? options : { ...options, seed },
      weights && Object.fromEntries(weights),
    );
  });
  parameters.adopt(key, mechanism.parameters);
  return mechanism;
}

// These compare query and memory as they are and have no parameters that a seed could decide.
const WITHOUT_SEED: ReadonlySet<string> = new Set(['dot', 'cosine', 'scaledDotProduct']);
