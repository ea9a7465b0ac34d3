import { checkOptions, checkTensor, HeedError, type OptionNames } from '@heed/core';
import { bindParameters, type BoundMechanism } from './build.js';
import type { Parameters } from './definition.js';
import { parseConfig } from './fields.js';
import { definitionOf, type MechanismOptions } from './mechanisms.js';

const OPTIONS: OptionNames<MechanismOptions> = { mechanisms: true };

/**
 * A mechanism that computes with the caller's tensors in place of variables of its own: parameters that another network makes, that are
 * shared, or that gradients are taken of by `tf.grads`. They are borrowed; `dispose` leaves them.
 *
 * @param config as `createMechanism`
 * @param parameters all of the mechanism's parameters by their keys, and no others
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind), INVALID_ARGUMENT (a parameter is missing or unknown), SHAPE_MISMATCH,
 * DTYPE_UNSUPPORTED, UNKNOWN_OPTION, DISPOSED
 */
export function bindMechanism(config: unknown, parameters: Parameters, options: MechanismOptions = {}): BoundMechanism {
  checkOptions('bindMechanism', options, OPTIONS);
  const definition = definitionOf('bindMechanism', config, options.mechanisms);
  const parsed = parseConfig(definition.kind, definition.schema, config);
  const specs = definition.parameters(parsed);
  const stray = Object.keys(parameters).find((key) => !Object.hasOwn(specs, key));
  if (stray !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${parsed.name}: there is no parameter '${stray}'`,
      hint: `the parameters are [${Object.keys(specs)}]`,
    });
  }
  for (const [key, { shape }] of Object.entries(specs)) {
    checkTensor(`${parsed.name}: parameter '${key}'`, parameters[key]!, { axes: shape });
  }
  return bindParameters(definition, parsed, parameters);
}
