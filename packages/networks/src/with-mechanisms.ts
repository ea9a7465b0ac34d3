import type { MechanismDefinition, MechanismOptions } from '@heed/attention';

/** How networks are made with other mechanisms, of those whose attention may be any. */
const remade = new WeakMap<object, (mechanisms: readonly MechanismDefinition[]) => object>();

/** Notes of a network how it is made with other mechanisms, unless it was made with some of its own. */
export function openTo<N extends object>(
  network: N,
  { mechanisms }: MechanismOptions,
  make: (mechanisms: readonly MechanismDefinition[]) => N,
): N {
  if (mechanisms === undefined) remade.set(network, make);
  return network;
}

/** Whether a network's attention may be any mechanism: recurrent ones and captioners that weren't made with mechanisms of their own. */
export const takesMechanisms = (network: object): boolean => remade.has(network);

/** The network with these mechanisms to choose from; a network that doesn't take mechanisms, as it is. */
export const withMechanisms = <N extends object>(network: N, mechanisms: readonly MechanismDefinition[]): N =>
  (remade.get(network)?.(mechanisms) as N | undefined) ?? network;
