import { checkOptions, type OptionNames } from '@heed/core';
import { parseConfig } from '../fields.js';
import { MECHANISMS, definitionOf, type MechanismOptions } from '../mechanisms.js';
import { checkCounts } from './attention-cost.js';
import type { MechanismUse } from './mechanism-use.js';
import { createTally, type Cost } from './tally.js';

const USE: OptionNames<MechanismUse> = { batch: true, keys: true, queries: true, calls: true };

/**
 * What a mechanism takes: its parameters exactly, and the work of preparing a memory once and attending to it.
 *
 * @param config what `createMechanism` takes
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind), INVALID_ARGUMENT for a length that is no whole number ≥ 0
 */
export function costOfMechanism(config: unknown, use: MechanismUse, options: MechanismOptions = {}): Cost {
  checkOptions('costOfMechanism', use, USE);
  checkCounts('costOfMechanism', use, ['batch', 'keys', 'queries', 'calls']);
  const { mechanisms = MECHANISMS } = options;
  const definition = definitionOf('costOfMechanism', config, mechanisms);
  const tally = createTally();
  definition.cost(tally, parseConfig(definition.kind, definition.schema, config), use);
  return tally.cost;
}
