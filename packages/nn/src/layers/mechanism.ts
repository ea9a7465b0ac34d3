import * as tf from '@tensorflow/tfjs-core';
import { createMechanism, type AttentionMechanism } from '@heed/attention';
import type { Parameters } from './parameters.js';
import { tidy } from './tidy.js';

/**
 * A mechanism of `@heed/attention` whose parameters become the model's, under a prefix.
 *
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind); for given values CHECKPOINT_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export function adoptMechanism(parameters: Parameters, prefix: string, config: object): AttentionMechanism {
  const mechanism = tidy(() => {
    const given = parameters.givenFor(prefix);
    const weights =
      given &&
      Object.entries(given).map(([key, { data, shape }]) => [key, tf.tensor(data.slice(), [...shape])] as const);
    return createMechanism(config, weights && Object.fromEntries(weights));
  });
  parameters.adopt(prefix, mechanism.parameters);
  return mechanism;
}

interface Fit {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  readonly seed: number;
}

/** A choice of attention with what its model works out: the widths, and a seed where there are parameters. */
export const fitted = (choice: { readonly kind: string }, { queryWidth, memoryWidth, seed }: Fit): object =>
  comparesAsIs(choice.kind) ? { ...choice, width: queryWidth } : { ...choice, queryWidth, memoryWidth, seed };

/** Whether query and memory are compared as they are: then they have one width, and no parameters that a seed could decide. */
export const comparesAsIs = (kind: string): boolean => AS_IS.has(kind);

const AS_IS: ReadonlySet<string> = new Set(['dot', 'cosine', 'scaledDotProduct']);
