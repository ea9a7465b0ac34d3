import { checkCounts, createTally, totalOf, type Cost, type MechanismOptions, type Tally } from '@heed/attention';
import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import { parseNetworkConfig } from '@heed/nn';
import { NETWORKS } from '../networks.js';
import type { ModelProblem, Parts } from './model-parts.js';
import { addRecurrent } from './recurrent-cost.js';
import { addTransformer } from './transformer-cost.js';

const PROBLEM: OptionNames<ModelProblem> = { source: true, target: true, batch: true };

export interface ModelCost {
  readonly kind: string;
  readonly problem: ModelProblem;
  readonly parts: Parts<Cost>;
  readonly total: Cost;
}

/**
 * What a model of that configuration takes: its parameters exactly, and the work of a forward pass and of a training step
 * under teacher forcing. What attention adds to a recurrent model is the difference to the same configuration with
 * attention 'none': some of it is in the decoder, whose inputs its contexts are.
 *
 * @throws HeedError CONFIG_INVALID for a configuration that no model can have, or of a kind that has no formulas;
 *   INVALID_ARGUMENT for lengths that are no whole numbers
 */
export function costOfModel(config: unknown, problem: ModelProblem, options: MechanismOptions = {}): ModelCost {
  checkOptions('costOfModel', problem, PROBLEM);
  checkCounts('costOfModel', problem, ['source', 'target', 'batch']);
  const checked = parseNetworkConfig(config, NETWORKS);
  const tallies: Parts<Tally> = {
    embedding: createTally(),
    encoder: createTally(),
    attention: createTally(),
    decoder: createTally(),
    output: createTally(),
  };
  if (checked.kind === 'recurrent') addRecurrent(tallies, checked, problem, options);
  else if (checked.kind === 'transformer') addTransformer(tallies, checked, problem);
  else {
    throw new HeedError('CONFIG_INVALID', {
      message: `costOfModel: there are no formulas for models of kind '${checked.kind}'`,
      hint: 'kinds with formulas are: recurrent, transformer',
      details: { kind: checked.kind },
    });
  }
  const { embedding, encoder, attention, decoder, output } = tallies;
  const parts = {
    embedding: embedding.cost,
    encoder: encoder.cost,
    attention: attention.cost,
    decoder: decoder.cost,
    output: output.cost,
  };
  return { kind: checked.kind, problem, parts, total: totalOf(Object.values(parts)) };
}
