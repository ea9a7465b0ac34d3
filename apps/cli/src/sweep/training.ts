import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@heed/attention/schema';
import { HeedError } from '@heed/base';
import * as v from 'valibot';
import { typedFlags } from '../flag-names.js';
import type { Host } from '../host.js';
import { describeError, toldBy } from '../io/errors.js';
import { sha256 } from '../io/sha256.js';
import { heedApart } from '../jobs/apart.js';
import type { Ended, How, Job, JobKind } from '../jobs/job.js';
import { canonical } from './combine.js';
import type { Settings } from './definition.js';
import type { Limits } from './limits.js';
import { stoppedAt } from './median.js';
import { SEED, SETTINGS, STEP, STEPS } from './schema.js';
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
export interface Training extends Job, What, Limits {
  readonly kind: 'training';
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
const BAR = v.strictObject({
  figure: text,
  direction: v.picklist(['minimise', 'maximise']),
  after: STEP,
  medians: v.pipe(v.array(v.strictObject({ step: STEP, median: v.pipe(v.number(), v.finite()) })), v.minLength(1)),
});
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
  bar: v.optional(BAR),
});
const parse = parser('CONFIG_INVALID');

/** Trains; the result goes to the folder that the training names. */
export const TRAININGS: JobKind<Training> = {
  kind: 'training',
  check,
  isKept: async (training) => (await (await Store.at(training.folder)).result(training, training)) !== undefined,
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
  const { task, settings, seed, steps, bar, data, folder } = training;
  const store = await Store.at(folder);
  return store.inRun(training, async ({ folder: run, lost, saved, settled }) => {
    const flags = typedFlags({ ...settings, out: run, seed, ...(steps !== undefined && { steps }) });
    const otherData = new AbortController();
    const enough = new AbortController();
    let started: Started | undefined;
    const ended = await heedApart('train', task, [...flags, '--no-card', '--resume'], {
      config: host.brought.file,
      signal: AbortSignal.any([signal, lost, otherData.signal, enough.signal]),
      onEvent(event) {
        if (event.event === 'progress') onStep();
        if (event.event === 'start') {
          started = event as unknown as Started;
          if (started.data !== data) otherData.abort();
        }
        if (event.event === 'saved') saved();
        // When it begins too: it may have been killed after the evaluation that stops it.
        if (bar === undefined || (event.event !== 'start' && event.event !== 'saved')) return;
        if (stoppedAt(bar, savedIn(run).evaluations) !== undefined) enough.abort();
      },
    });
    if (otherData.signal.aborted) {
      const message = `the data here are ${started!.data}, and the training is of ${data}`;
      return { kind: 'failed', code: 'JOB_MISMATCH', message, hint: 'give this machine the same files' };
    }
    await settled();
    const isEnough = enough.signal.aborted && ended.kind === 'interrupted';
    if (ended.kind !== 'done' && !isEnough) return ended;
    await store.keep(resultOf(training, savedIn(run), started!), training);
    return { kind: 'done' };
  });
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

/** How far a run has come, as its folder says it. */
interface Saved {
  readonly step: number;
  readonly best: Evaluated | null;
  readonly evaluations: readonly Evaluated[];
}

const savedIn = (run: string): Saved =>
  (JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as { readonly progress: Saved }).progress;

/** What a run came to. The time that it took is nothing of what it computed, nor are steps that it made before it heard that it was stopped. */
function resultOf({ id, bar }: Training, { step, best, evaluations }: Saved, { backend, simd }: Started): Result {
  const stop = bar === undefined ? undefined : stoppedAt(bar, evaluations);
  if (stop === undefined) return { id, steps: step, backend, simd, best, evaluations };
  const until = evaluations.filter((one) => one.step <= stop);
  // As a run chooses the evaluation whose model it keeps.
  const kept = until.reduce((a, b) => (b.error < a.error ? b : a));
  return { id, steps: stop, backend, simd, best: kept, evaluations: until, stopped: true };
}
