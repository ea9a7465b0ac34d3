import { HeedError, show } from '@heed/base';
import type { Network } from './trainable.js';

export type ConfigOf<N extends Network = Network> = ReturnType<N['parse']>;
/** A model of that network. */
export type ModelOf<N extends Network = Network> = ReturnType<N['create']>;
/** What a model of that network is trained and evaluated on. */
export type ExampleOf<N extends Network = Network> = Parameters<N['items']>[0];

/** The networks that a run or a file may be of. */
export interface NetworkOptions<N extends Network = Network> {
  readonly networks: readonly N[];
}

/** @throws HeedError INVALID_ARGUMENT for what isn't a list of networks */
export function checkNetworks(what: string, networks: readonly Network[]): void {
  if (Array.isArray(networks) && networks.every((network: unknown) => isNetwork(network))) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: networks are ${show(networks)}`,
    hint: 'give the networks that it may be of, such as { networks: NETWORKS } of @heed/networks',
  });
}

const isNetwork = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && 'create' in value;

/**
 * The network that a configuration names.
 *
 * @throws HeedError CONFIG_INVALID
 */
export function findNetwork<N extends Network>(config: unknown, networks: readonly N[]): N {
  const kind = typeof config === 'object' && config !== null && 'kind' in config ? config.kind : undefined;
  const found = networks.find((network) => network.kind === kind);
  if (found !== undefined) return found;
  const known = networks.map((network) => network.kind);
  throw new HeedError('CONFIG_INVALID', {
    message: `model: 'kind' is ${typeof kind === 'string' ? JSON.stringify(kind.slice(0, 80)) : 'no text'}, which is none of: ${known.join(', ')}`,
    hint: 'another kind of model is wanted here, or the file is damaged',
    details: { kind: typeof kind === 'string' ? kind : null, known },
  });
}

/**
 * A configuration of one of the networks, checked.
 *
 * @throws HeedError CONFIG_INVALID
 */
export const parseNetworkConfig = <N extends Network>(config: unknown, networks: readonly N[]): ConfigOf<N> =>
  findNetwork(config, networks).parse(config) as ConfigOf<N>;
