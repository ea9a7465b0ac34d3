import { checkOptions, type OptionNames } from '@heed/core';
import { buildMechanism } from './build.js';
import type { AttentionMechanism } from './mechanism.js';
import { definitionOf, type MechanismOptions } from './mechanisms.js';
import type { Weights } from './parameters.js';

const OPTIONS: OptionNames<MechanismOptions> = { mechanisms: true };

/**
 * The mechanism that `config()` described; with its parameters' values, the same one to the bit.
 *
 * @param config what `config()` returned, also after JSON; or any options with their `kind`. Untrusted: it is checked
 * @param weights values by the keys of `parameters`, all of them and no others; borrowed. Without, they start from the seed
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind), CHECKPOINT_INVALID (a weight is missing or unknown),
 * SHAPE_MISMATCH, DTYPE_UNSUPPORTED, NOT_FINITE (a weight), UNKNOWN_OPTION
 */
export function createMechanism(
  config: unknown,
  weights?: Weights,
  options: MechanismOptions = {},
): AttentionMechanism {
  checkOptions('createMechanism', options, OPTIONS);
  return buildMechanism(definitionOf('createMechanism', config, options.mechanisms), config, weights);
}
