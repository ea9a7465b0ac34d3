import { MECHANISMS, type MechanismDefinition } from '@heed/attention';
import { checkName } from '@heed/base';
import { NETWORKS, withMechanisms } from '@heed/networks';
import type { Network } from '@heed/nn';
import { tasks, type Task } from '@heed/tasks';
import type { Catalog } from './catalog.js';
import { ENCODER } from './encoder.js';
import { typed, UsageError } from './usage-error.js';

/** A task of Heed's or of somebody else's, which networks of their own may learn. */
export type AnyTask = Task<Network>;
export type AnyData = Awaited<ReturnType<AnyTask['load']>>;

type With = Pick<Catalog, 'brought'>;

/** All mechanisms. */
export const mechanismsOf = ({ brought }: With): readonly MechanismDefinition[] => [
  ...MECHANISMS,
  ...brought.mechanisms,
];

/** All tasks, by name. */
export const tasksOf = ({ brought }: With): Readonly<Record<string, AnyTask>> => ({
  ...tasks,
  ...Object.fromEntries(brought.tasks.map((task) => [task.name, task])),
});

/** All networks, with all mechanisms where their attention may be any. */
export const networksOf = (catalog: With): readonly Network[] => [
  ...opened(NETWORKS, catalog),
  ...catalog.brought.networks,
];

/** The networks that learn a task, likewise. */
export const networksFor = ({ networks }: Pick<AnyTask, 'networks'>, catalog: With): readonly Network[] =>
  opened(networks, catalog);

function opened(networks: readonly Network[], catalog: With): readonly Network[] {
  if (catalog.brought.mechanisms.length === 0) return networks;
  const mechanisms = mechanismsOf(catalog);
  return networks.map((network) => withMechanisms(network, mechanisms));
}

/** @throws UsageError for an unknown name */
export function taskNamed(name: string, catalog: With): AnyTask {
  if (name === ENCODER)
    throw new UsageError(`${ENCODER} is a pretrained model, and no task`, `heed run ${ENCODER} 'a sentence'`);
  const known = tasksOf(catalog);
  return known[typed(() => checkName('task', name, Object.keys(known)))];
}
