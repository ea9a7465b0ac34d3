import {
  MECHANISMS,
  findDefinition,
  type MechanismOptions,
  type MechanismUse,
  type Place,
  type Tally,
} from '@heed/attention';
import { HeedError } from '@heed/core';
import { parseConfig } from '@heed/nn';
import type { AttentionChoice } from '../recurrent/config.js';

/**
 * Adds the parameters and the work of the mechanism of a model; gives the width of its contexts.
 *
 * @throws HeedError CONFIG_INVALID
 */
export function addMechanism(
  tally: Tally,
  choice: AttentionChoice,
  place: Omit<Place, 'seed'>,
  use: MechanismUse,
  { mechanisms = MECHANISMS }: MechanismOptions = {},
): number {
  if (choice.kind === 'none') return place.memoryWidth;
  const definition = findDefinition(choice.kind, mechanisms);
  if (definition === undefined) {
    throw new HeedError('CONFIG_INVALID', {
      message: `costOfModel: there is no attention ${JSON.stringify(choice.kind)}`,
      hint: `there are ${mechanisms.map(({ kind }) => kind).join(', ')}`,
    });
  }
  // A seed decides no cost.
  const options = { ...choice, ...definition.fit.options({ ...place, seed: 0 }) };
  const config = parseConfig(`costOfModel: ${choice.kind}`, definition.schema, options);
  definition.cost(tally, config, use);
  return definition.widths(config).contextWidth;
}
