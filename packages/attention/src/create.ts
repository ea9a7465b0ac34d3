import { HeedError, show, suggestion } from '@heed/core';
import type { MechanismConfig } from './config.js';
import type { AttentionMechanism } from './mechanism.js';
import { buildAdditive } from './mechanisms/additive.js';
import { buildConcat } from './mechanisms/concat.js';
import { buildCosine } from './mechanisms/cosine.js';
import { buildDot } from './mechanisms/dot.js';
import { buildGeneral } from './mechanisms/general.js';
import { buildMultiHead } from './mechanisms/multi-head.js';
import { buildScaledDotProduct } from './mechanisms/scaled-dot-product.js';
import type { Weights } from './parameters.js';

type Builder = (options: unknown, weights?: Weights) => AttentionMechanism;

const builders: ReadonlyMap<string, Builder> = new Map<MechanismConfig['kind'], Builder>([
  ['additive', buildAdditive],
  ['concat', buildConcat],
  ['cosine', buildCosine],
  ['dot', buildDot],
  ['general', buildGeneral],
  ['multiHead', buildMultiHead],
  ['scaledDotProduct', buildScaledDotProduct],
]);

/** The kinds that `createMechanism` knows. */
export const MECHANISM_KINDS: readonly string[] = [...builders.keys()];

/**
 * The mechanism that `config()` described; with its parameters' values, the same one to the bit.
 *
 * @param config what `config()` returned, also after JSON; or any options with their `kind`. Untrusted: it is checked
 * @param weights values by the keys of `parameters`, all of them and no others; borrowed. Without, they start from the seed
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind), CHECKPOINT_INVALID (a weight is missing or unknown),
 * SHAPE_MISMATCH, DTYPE_UNSUPPORTED, NOT_FINITE (a weight)
 */
export function createMechanism(config: unknown, weights?: Weights): AttentionMechanism {
  if (typeof config !== 'object' || config === null || Array.isArray(config) || !('kind' in config)) {
    throw new HeedError('CONFIG_INVALID', {
      message: 'createMechanism: the configuration is not an object with a kind',
      hint: `kinds are ${MECHANISM_KINDS.join(', ')}`,
    });
  }
  const build = builders.get(config.kind as string);
  if (build === undefined) {
    throw new HeedError('UNKNOWN_NAME', {
      message: `createMechanism: the kind is ${show(config.kind)}`,
      hint: suggestion(String(config.kind), MECHANISM_KINDS, 'kinds are'),
    });
  }
  return build(config, weights);
}
