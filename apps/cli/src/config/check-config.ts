import { factsOf } from '@heed/attention';
import { parser } from '@heed/attention/schema';
import { ownBackend, type Backend } from '@heed/backends';
import { HeedError } from '@heed/base';
import type { BackendFactory } from '@heed/core';
import { ARCHITECTURES } from '@heed/hugging-face';
import { NETWORKS } from '@heed/networks';
import { ownKinds, tasks } from '@heed/tasks';
import * as v from 'valibot';

import { OWN, type Brought } from '../catalog.js';
import { OP_NAMES } from '../cost/op-names.js';
import { ENCODER } from '../encoder.js';
import { assertExportsObject } from './default-export.js';
import * as entries from './entries.js';
import type { ConfigFile } from './find-config.js';
import type { HeedConfig } from './heed-config.js';

const parse = parser('CONFIG_INVALID');

const CONFIG = v.strictObject({
  backends: v.optional(v.array(v.looseObject({}))),
  mechanisms: v.optional(v.array(v.looseObject({}))),
  tasks: v.optional(v.array(v.looseObject({}))),
  networks: v.optional(v.array(v.looseObject({}))),
  layers: v.optional(v.array(v.any())),
  families: v.optional(v.array(v.looseObject({}))),
});

/** What a list of the configuration holds: what an entry must have, what it is called, and the names that are taken. */
interface Kind {
  readonly schema: (entry: object) => v.GenericSchema;
  readonly namesOf: (entry: never) => readonly string[];
  readonly taken: readonly string[];
}

const KINDS: Readonly<Record<keyof HeedConfig, Kind>> = {
  backends: {
    schema: (entry) => (isEntry(entry) ? entries.backendEntry : entries.backendFactory),
    namesOf: ({ name }: BackendFactory) => [name],
    taken: OWN.backends.names,
  },
  mechanisms: {
    schema: () => entries.mechanism,
    namesOf: ({ kind }: Brought['mechanisms'][number]) => [kind],
    taken: [...OWN.mechanisms.map(({ kind }) => kind), 'none'],
  },
  tasks: {
    schema: () => entries.task,
    namesOf: ({ name }: Brought['tasks'][number]) => [name],
    // Where a task is named, so may a pretrained model be, and an op.
    taken: [...Object.keys(tasks), ...Object.keys(ownKinds), ENCODER, ...OP_NAMES],
  },
  networks: {
    schema: () => entries.network,
    namesOf: ({ kind }: Brought['networks'][number]) => [kind],
    taken: NETWORKS.map(({ kind }) => kind),
  },
  layers: {
    schema: () => entries.layer,
    namesOf: ({ className }: Brought['layers'][number]) => [className],
    // A model's own class comes before Keras's of the same name.
    taken: [],
  },
  families: {
    schema: () => entries.family,
    namesOf: ({ classes }: Brought['families'][number]) => Object.keys(classes),
    taken: ARCHITECTURES,
  },
};

/**
 * What a file's default export brings. Entries are taken as they are, once they have shown that they have what commands need.
 *
 * @throws HeedError CONFIG_INVALID for the first thing that is wrong: with the file, the place, and what was wanted
 */
export function checkConfig(file: ConfigFile, exported: unknown): Brought {
  assertExportsObject(file.shown, exported, 'export default defineConfig({ … }); what it waits for is awaited before');
  // Each field is read once, as it might be a function that answers differently the next time.
  const config: HeedConfig = { ...exported };
  parse(file.shown, CONFIG, config);
  for (const list of Object.keys(KINDS) as (keyof HeedConfig)[]) checkList(file, list, config[list] ?? []);
  const { backends = [], mechanisms = [], tasks = [], networks = [], layers = [], families = [] } = config;
  for (const [n, one] of tasks.entries()) assertLearnable(`${file.shown}: tasks[${n}]`, one);
  for (const definition of mechanisms) factsOf(definition); // which looks into the schema
  return {
    file,
    backends: backends.map((one) => (isEntry(one) ? one : ownBackend(one))),
    mechanisms: [...mechanisms],
    tasks: [...tasks],
    networks: [...networks],
    layers: [...layers],
    families: [...families],
  };
}

const isEntry = (backend: object): backend is Backend => 'load' in backend;

function checkList({ shown }: ConfigFile, list: keyof HeedConfig, given: readonly object[]): void {
  const { schema, namesOf, taken } = KINDS[list];
  const names = new Map<string, number>();
  for (const [n, entry] of given.entries()) {
    const where = `${list}[${n}]`;
    parse(`${shown}: ${where}`, schema(entry), entry);
    for (const name of namesOf(entry as never)) {
      if (taken.includes(name))
        throw ambiguous(`${shown}: ${where} is called ${JSON.stringify(name)}, as one of Heed's`);
      const earlier = names.get(name);
      if (earlier !== undefined)
        throw ambiguous(`${shown}: ${list}[${earlier}] and ${where} are both called ${JSON.stringify(name)}`);
      names.set(name, n);
    }
  }
}

const ambiguous = (message: string): HeedError =>
  new HeedError('CONFIG_INVALID', { message, hint: 'give it a name of its own' });

/** Presets are of networks that the task names, and so is the preset that the others are compared with. */
function assertLearnable(where: string, { networks, presets, plain }: Brought['tasks'][number]): void {
  const kinds = networks.map(({ kind }) => kind);
  const strange = Object.entries(presets).find(([, { model }]) => !kinds.includes(model.kind));
  if (strange !== undefined) {
    const [preset, { model }] = strange;
    throw new HeedError('CONFIG_INVALID', {
      message: `${where}: preset ${JSON.stringify(preset)} is of network ${JSON.stringify(model.kind)}`,
      hint: `the networks of the task are: ${kinds.join(', ')}`,
    });
  }
  if (plain !== undefined && !Object.hasOwn(presets, plain)) {
    throw new HeedError('CONFIG_INVALID', {
      message: `${where}: plain is ${JSON.stringify(plain)}, and no preset is called that`,
      hint: `presets are: ${Object.keys(presets).join(', ')}`,
    });
  }
}
