import { join } from 'node:path';
import { parser } from '@heed/attention/schema';
import { HeedError } from '@heed/base';
import * as v from 'valibot';
import { typedFlags } from '../flag-names.js';
import type { Host } from '../host.js';
import { describeError, toldBy } from '../io/errors.js';
import { readBytes } from '../io/files.js';
import { sha256 } from '../io/sha256.js';
import { heedApart } from '../jobs/apart.js';
import type { Ended, How, Job, JobKind } from '../jobs/job.js';
import { canonical } from './combine.js';
import type { Settings } from './definition.js';
import { SEED, SETTINGS, STEPS } from './schema.js';
import { flagsOf } from './settings-flags.js';
import { Store, type Evaluated, type Result } from './store.js';

/** What a training computes. */
export interface What {
  readonly task: string;
  readonly settings: Settings;
  readonly seed: number;
  /** Version of its data. */
  readonly data: string;
  /** Version of Heed. */
  readonly version: string;
}

/** A training as work for any machine. */
export interface Training extends Job, What {
  readonly kind: 'training';
  /** Its length, where it is one of several stages. */
  readonly steps?: number;
}

/** The id of a training: equal ids have equal results. */
export async function idOf({ task, settings, seed, data, version }: What): Promise<string> {
  const what = [FORMAT, task, canonical(settings), seed, data, version];
  return (await sha256(new TextEncoder().encode(JSON.stringify(what)))).slice(0, ID_DIGITS);
}

// Of what an id is made of: another number where that changes.
const FORMAT = 1;
// 64 bits: among a million trainings, two share an id once in 37 million sweeps.
const ID_DIGITS = 16;

const text = v.pipe(v.string(), v.minLength(1));
const TRAINING = v.strictObject({
  kind: v.literal('training'),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  folder: text,
  task: text,
  settings: SETTINGS,
  seed: SEED,
  data: text,
  version: text,
  steps: v.optional(STEPS),
});
const parse = parser('CONFIG_INVALID');

/** Trains; the result goes to the folder that the training names. */
export const TRAININGS: JobKind<Training> = {
  kind: 'training',
  check,
  isKept: async (training) => (await new Store(training.folder).result(training, training.steps)) !== undefined,
  perform,
};

/** @throws HeedError CONFIG_INVALID */
function check(given: unknown): Training {
  const training = parse('a training', TRAINING, given) as Training;
  if (!('browser' in training.settings)) return training;
  // A path to whatever program.
  throw new HeedError('CONFIG_INVALID', {
    message: "a training: 'browser' is for each machine to say",
    hint: 'set CHROME_PATH where workers run',
  });
}

async function perform(host: Host, training: Training, how: How): Promise<Ended> {
  try {
    await assertSame(host, training);
    return await train(host, training, how);
  } catch (error) {
    return { kind: 'failed', ...toldBy(describeError(error)) };
  }
}

async function train(host: Host, training: Training, { signal, onStep }: How): Promise<Ended> {
  const { task, settings, seed, steps, data, folder } = training;
  const store = new Store(folder);
  const run = store.runOf(training);
  const flags = typedFlags({ ...settings, out: run, seed, ...(steps !== undefined && { steps }) });
  const otherData = new AbortController();
  let started: Started | undefined;
  const ended = await heedApart('train', task, [...flags, '--no-card', '--resume'], {
    config: host.brought.file,
    signal: AbortSignal.any([signal, otherData.signal]),
    onEvent(event) {
      if (event.event === 'progress') onStep();
      if (event.event !== 'start') return;
      started = event as unknown as Started;
      if (started.data !== data) otherData.abort();
    },
  });
  if (otherData.signal.aborted) {
    const message = `the data here are ${started!.data}, and the training is of ${data}`;
    return { kind: 'failed', code: 'JOB_MISMATCH', message, hint: 'give this machine the same files' };
  }
  if (ended.kind === 'done') await store.keep(await resultOf(training, run, started!), steps);
  return ended;
}

/** @throws HeedError JOB_MISMATCH when something else would be computed here; CONFIG_INVALID for what no training has */
async function assertSame(host: Host, training: Training): Promise<void> {
  const { core: version } = await host.versionsOf('cpu');
  if (version !== training.version) {
    throw new HeedError('JOB_MISMATCH', {
      message: `Heed here is ${version}, and the training is of ${training.version}`,
      hint: 'install the same version on all machines',
      details: { here: version, wanted: training.version },
    });
  }
  flagsOf(training.settings, host, (message) => new HeedError('CONFIG_INVALID', { message: `a training: ${message}` }));
  if ((await idOf(training)) !== training.id) {
    throw new HeedError('CONFIG_INVALID', { message: `a training: ${training.id} is not the id of what it says` });
  }
}

/** The event with which `heed train` starts. */
interface Started {
  readonly backend: string;
  readonly simd: string;
  readonly data: string;
}

/** What the run's folder says of it. The time that it took is nothing of what it computed. */
async function resultOf({ id }: Training, run: string, { backend, simd }: Started): Promise<Result> {
  const { progress } = JSON.parse(new TextDecoder().decode(await readBytes(join(run, 'run.json')))) as {
    readonly progress: { readonly step: number; readonly best: Evaluated | null; readonly evaluations: Evaluated[] };
  };
  const { step: steps, best, evaluations } = progress;
  return { id, steps, backend, simd, best, evaluations };
}
