import { parser } from '@heed/attention/schema';
import { HeedError } from '@heed/base';
import * as v from 'valibot';
import { typedFlags } from '../flag-names.js';
import type { Host } from '../host.js';
import { describeError, toldBy } from '../io/errors.js';
import { heedApart, type Event } from '../jobs/apart.js';
import type { Ended, How, Job, JobKind } from '../jobs/job.js';
import { idsOf } from './identity.js';
import { isOfShard, ShardStore } from './store.js';
import { FLAGS_OF_SHARDS, type What } from './what.js';

/** A shard as work for any machine. */
export interface Shard extends Job, What {
  readonly kind: 'shard';
}

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const value = v.union([v.pipe(v.number(), v.finite()), v.string(), v.literal(true), v.array(v.string())]);
const shard = <Command extends What['command']>(command: Command) =>
  v.strictObject({
    kind: v.literal('shard'),
    id: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
    folder: text,
    command: v.literal(command),
    run: text,
    flags: v.record(v.picklist<readonly string[]>(FLAGS_OF_SHARDS[command]), value),
    range: v.strictObject({ from: count, to: count }),
  });
const SHARD = v.variant('command', [shard('run'), shard('eval')]);
const parse = parser('CONFIG_INVALID');

/** Answers inputs, or tries a model on examples; the results go to the folder that the shard names. */
export const SHARDS: JobKind<Shard> = {
  kind: 'shard',
  check: (given) => parse('a shard', SHARD, given) as Shard,
  isKept: async ({ folder, id }) => (await new ShardStore(folder).events(id)) !== undefined,
  perform,
};

async function perform(host: Host, shard: Shard, how: How): Promise<Ended> {
  try {
    await assertSame(host, shard);
    return await compute(host, shard, how);
  } catch (error) {
    return { kind: 'failed', ...toldBy(describeError(error)) };
  }
}

async function compute(host: Host, { id, folder, ...what }: Shard, { signal, onStep }: How): Promise<Ended> {
  const { command, run, flags, range } = what;
  const events: Event[] = [];
  const ended = await heedApart(command, run, typedFlags({ ...flags, range: `${range.from}:${range.to}` }), {
    config: host.brought.file,
    signal,
    onEvent(event) {
      if (!isOfShard(event)) return;
      events.push(event);
      onStep();
    },
  });
  if (ended.kind === 'done') await new ShardStore(folder).keep(id, events);
  return ended;
}

/** @throws HeedError JOB_MISMATCH when something else would be computed here; what its files can't be read for */
async function assertSame(host: Host, shard: Shard): Promise<void> {
  const [id] = await idsOf(host, shard, [shard.range]);
  if (id === shard.id) return;
  throw new HeedError('JOB_MISMATCH', {
    message: `the ${shard.command} that shard ${shard.id} is a part of has another model, other inputs, another configuration or another Heed than this machine`,
    hint: 'give all machines the same files, and install the same version',
    details: { here: id, wanted: shard.id },
  });
}
