import { HeedError, nameHint } from '@heed/base';
import type { AttentionBackend } from '@heed/core';
import { models } from '@heed/models/files';
import { holdsRun, openRun, readRunInfo, type ConfigOf, type ModelOf, type RunFolder, type RunInfo } from '@heed/nn';
import type { Calibration } from '@heed/tasks';
import { asideFromAttention, attentionAsText, attentionIn } from './attention-in.js';
import { keptCalibration } from './calibration/kept.js';
import { assertKnownParts } from './config/names-in-run.js';
import type { Host } from './host.js';
import { ENCODER } from './encoder.js';
import { kebab } from './flag-names.js';
import { networksFor, networksOf, tasksOf, type AnyData, type AnyTask } from './known.js';
import type { FileFlags } from './own/own-flags.js';
import { sourceOfRun, taskOfName, taskOfRun } from './own/task-source.js';
import type { BackendFlags } from './shared-flags.js';
import { UsageError } from './usage-error.js';

export interface OpenModel {
  readonly model: ModelOf;
  readonly info: RunInfo;
  readonly task: AnyTask;
  /** Calibration of the model; absent where its folder keeps none, or one of an earlier model. */
  readonly calibration?: Calibration;
}

interface OpenOptions {
  /** What else may have been meant. */
  readonly others?: readonly string[];
  /** What has to be there before the model is built. */
  readonly ready?: Promise<unknown>;
}

/**
 * A model on the backend that flags say, which is selected while the model's files are read.
 *
 * @throws as `openModel`; HeedError BACKEND_UNAVAILABLE
 */
export async function openModelOn(
  host: Host,
  flags: BackendFlags,
  runOrTask: string,
  others?: readonly string[],
): Promise<{ readonly backend: AttentionBackend; readonly opened: OpenModel }> {
  const selecting = host.backends.use(flags);
  selecting.catch(() => undefined); // it is awaited below, whatever becomes of the model
  try {
    const opened = await openModel(host, runOrTask, { others, ready: selecting });
    return { opened, backend: await selecting };
  } catch (error) {
    const backend = await selecting; // a backend that can't be used is the first thing to say
    await backend.dispose();
    throw error;
  }
}

/**
 * The model of a run's folder, or the one that Heed ships for a task, and the task it was trained for.
 *
 * @throws UsageError for a name that is neither; HeedError when the folder holds no run that can be used
 */
export async function openModel(
  host: Host,
  runOrTask: string,
  { others = [], ready }: OpenOptions = {},
): Promise<OpenModel> {
  const { folder, networks, tuned, learnt } = await findModel(host, runOrTask, others);
  await tuned?.load(host);
  const reading = readingOnce(folder);
  // The calibration is of this very model, whose digest it names.
  const calibration = keptCalibration(reading);
  calibration.catch(() => undefined); // it is awaited below, unless there is no model
  const { model, info } = await openRun(reading, { networks, ready }).finally(
    // What the model has of it, it shares.
    () => tuned?.dispose(),
  );
  try {
    const kept = await calibration;
    return {
      model,
      info,
      task: learnt(taskOfRun(host, info.task, info.dataOptions)),
      ...(kept && { calibration: kept }),
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** What a model's folder says of it: all that can be known without a backend. */
export interface ModelFacts extends Pick<OpenModel, 'info' | 'task'> {
  readonly folder: RunFolder;
  /** Folder of the pretrained model that it was trained on from. */
  readonly from?: string;
}

/** @throws as `openModel` */
export async function factsOfModel(host: Host, runOrTask: string): Promise<ModelFacts> {
  const { folder, networks, learnt, from } = await findModel(host, runOrTask, [ENCODER]);
  const info = await readRunInfo(folder, { networks });
  const task = learnt(taskOfRun(host, info.task, info.dataOptions));
  return { folder, info, task, ...(from !== undefined && { from }) };
}

/** Where a model is, and what it takes to read it. */
async function findModel(host: Host, runOrTask: string, others: readonly string[]) {
  const folder = await host.runFolder((await host.shippedModel(runOrTask)) ?? runOrTask);
  if (!(await holdsRun(folder))) assertPath(host, runOrTask, others);
  const { task: name, from } = await assertKnownParts(folder, host);
  const tuned = from === undefined ? undefined : (await import('./pretrained/tuning.js')).tuning(from);
  const learnt = (task: AnyTask): AnyTask => tuned?.task(task) ?? task;
  // Of two networks of one kind, that of the task is meant.
  const own = name === undefined ? [] : networksFor(learnt(taskOfName(name, host)), host);
  return { folder, networks: [...own, ...networksOf(host)], tuned, learnt, from };
}

/** A folder of whose files each is read once. */
function readingOnce(folder: RunFolder): RunFolder {
  const read = new Map<string, Promise<Uint8Array>>();
  return {
    ...folder,
    read(file, maxBytes) {
      const bytes = read.get(file) ?? folder.read(file, maxBytes);
      read.set(file, bytes);
      return bytes;
    },
  };
}

/** What is a path can hold a run that is broken; a mere name that holds none was to be that of a task with a model. */
function assertPath(host: Host, name: string, others: readonly string[]): void {
  if (name === ENCODER)
    throw new UsageError(`${ENCODER} encodes sentences, and answers nothing`, `heed run ${ENCODER} 'a sentence'`);
  if (/[\\/]/.test(name)) return;
  if (Object.hasOwn(tasksOf(host), name)) {
    throw new UsageError(
      `Heed comes without a model of ${name}`,
      `train one, heed train ${name} --out runs/${name}, and give runs/${name}`,
    );
  }
  throw new UsageError(
    `there is no run and no task ${JSON.stringify(name)}`,
    nameHint(name, [...Object.keys(models), ...others]),
  );
}

/**
 * The data that a run was trained on, so that its test split is what the model never saw.
 *
 * @param flags where files of somebody's own are now, when they were moved
 * @throws HeedError CHECKPOINT_INVALID when the installed data are another version; DATA_MISSING
 */
export async function dataOf(host: Host, { info }: Pick<OpenModel, 'info'>, flags: FileFlags = {}): Promise<AnyData> {
  const source = await sourceOfRun(host, info.task, info.dataOptions, flags);
  const data = await source.load(info.dataOptions as { seed: number });
  if (data.version !== info.dataVersion) {
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `the run was trained on ${info.dataVersion}, here is ${data.version}`,
      hint: 'what it has seen may be among its test examples now; train again, or bring back that version',
    });
  }
  return data;
}

/** The preset that a model was made from, its attention aside; undefined when it is another's. */
export function presetOf({ presets }: Pick<AnyTask, 'presets'>, model: object): string | undefined {
  const own = asideFromAttention(model);
  const fits = Object.keys(presets).filter((name) =>
    Object.entries(asideFromAttention(presets[name].model)).every(([key, value]) => own[key] === value),
  );
  const exact = fits.find((name) => attentionAsText(presets[name].model) === attentionAsText(model));
  return exact ?? fits[0];
}

/** What a model is, for people: "Bahdanau's additive attention". */
export function modelTitle(task: AnyTask, model: ConfigOf): string {
  const name = presetOf(task, model);
  const preset = name === undefined ? undefined : task.presets[name];
  const attention = attentionIn(model);
  const own = preset && attentionIn(preset.model);
  if (preset !== undefined && attention === own) return preset.title;
  if (attention === undefined) return model.kind;
  return attention === 'none' ? 'no attention' : `${kebab(attention)} attention`;
}
