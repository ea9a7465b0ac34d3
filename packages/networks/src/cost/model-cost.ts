import { checkCounts, totalOf, type Cost } from '@heed/attention';
import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import { checkNetworks, findNetwork, type BatchSizes, type Network, type NetworkOptions } from '@heed/nn';
import { NETWORKS } from '../networks.js';

const SIZES: OptionNames<BatchSizes> = { source: true, target: true, batch: true };
const OPTIONS: OptionNames<NetworkOptions> = { networks: true };

export interface ModelCost {
  readonly kind: string;
  readonly sizes: BatchSizes;
  /** Parts of the model, as its network names them. */
  readonly parts: Readonly<Record<string, Cost>>;
  readonly total: Cost;
}

/**
 * What a model of that configuration takes: its parameters exactly, and the work of a forward pass and of a training step,
 * of an encoder–decoder under teacher forcing. What attention adds to a recurrent model is the difference to the same
 * configuration with attention 'none': some of it is in the decoder, whose inputs its contexts are.
 *
 * @param sizes   lengths as the network has them of its items: of pairs, symbols of the source, and of the target without its
 *   end, which is a place more
 * @param options networks that the model may be of, by default those of this package
 * @throws HeedError CONFIG_INVALID for a configuration that no model can have, or of a network without formulas;
 *   INVALID_ARGUMENT for lengths that are no whole numbers, and for networks that are none
 */
export function costOfModel(config: unknown, sizes: BatchSizes, options: Partial<NetworkOptions> = {}): ModelCost {
  checkOptions('costOfModel', sizes, SIZES);
  checkCounts('costOfModel', sizes, ['source', 'target', 'batch']);
  checkOptions('costOfModel', options, OPTIONS);
  const { networks = NETWORKS } = options;
  checkNetworks('costOfModel', networks);
  const network = findNetwork<Network>(config, networks);
  if (network.cost === undefined) {
    const known = networks.filter(({ cost }) => cost !== undefined).map(({ kind }) => kind);
    throw new HeedError('CONFIG_INVALID', {
      message: `costOfModel: there are no formulas for models of kind '${network.kind}'`,
      hint: `kinds with formulas are: ${known.join(', ')}`,
      details: { kind: network.kind, known },
    });
  }
  const parts = network.cost(network.parse(config), sizes);
  return { kind: network.kind, sizes, parts, total: totalOf(Object.values(parts)) };
}
