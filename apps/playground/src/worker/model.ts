import { HeedError } from '@heed/base';
import { parseCard } from '@heed/models/card';
import { decodeModel, openRun, type ModelOf, type Network } from '@heed/nn';
import {
  NETWORKS,
  headLayers,
  type Captioner,
  type captioner,
  type HeadPlace,
  type KnownNetwork,
  type recurrent,
  type Seq2Seq,
} from '@heed/networks';
import type { Calibration, Task } from '@heed/tasks';
import type { Found, ModelFacts, TaskFacts } from '../engine/jobs.js';
import type { Args } from '../engine/protocol.js';
import { headsOff } from './heads-off.js';
import { HeldModel } from './held-model.js';
import { memoryFolder } from './memory-folder.js';
import { beforeSwitch } from './session.js';
import { symbolsOf } from './symbols.js';
import { unpack } from './unpack.js';

/** Greatest size of a model in a page, in bytes; a page has less memory than a server. */
const LARGEST_MODEL = 256 * 2 ** 20;
const wanted = { maxBytes: LARGEST_MODEL, networks: NETWORKS };

interface Held {
  /** Task of its run, if this page has it. */
  readonly task: Task<Network> | undefined;
  readonly calibration: Calibration | undefined;
  readonly model: HeldModel<KnownNetwork>;
}

/** Model that was loaded last. */
let held: Held | undefined;

beforeSwitch(() => held?.model.dispose());

/**
 * Loads a model file, with or without its run.json, card.json and calibration.json, or an archive of a run. When it is refused, the present model stays.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE, CHECKPOINT_INVALID, CONFIG_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export async function load(given: Readonly<Record<string, Uint8Array>>): Promise<ModelFacts> {
  const files = await unpack(given, LARGEST_MODEL);
  const name = modelAmong(Object.keys(files));
  const folder = memoryFolder('what was given', { ...files, 'model.safetensors': files[name] });
  const card = (await folder.has(CARD)) ? parseCard(new TextDecoder().decode(files[CARD])) : null;
  const opened = (await folder.has('run.json'))
    ? await openRun(folder, wanted)
    : { model: decodeModel(files[name], wanted), info: null };
  const { model, info } = opened;
  try {
    const task = info === null ? undefined : await taskOf(info);
    const calibration = await calibrationOf(files[CALIBRATION], files[name]);
    held?.model.dispose();
    held = { task: task?.task, calibration, model: new HeldModel(files[name], wanted, model) };
    const facts = task === undefined ? null : factsOf(task);
    const { config, parameterCount } = model;
    return { config, parameters: parameterCount, heads: headLayers(model), info, task: facts, card };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

const CARD = 'card.json';
const CALIBRATION = 'calibration.json';

/** A calibration, if there is one and it is of the model. Where a page can't hash, which one on an open network can't, none is. */
async function calibrationOf(file: Uint8Array | undefined, model: Uint8Array): Promise<Calibration | undefined> {
  if (file === undefined || !isSecureContext) return undefined;
  const { parseCalibration } = await import('@heed/tasks');
  const calibration = parseCalibration(new TextDecoder().decode(file));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(model)));
  const digits = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits === calibration.model ? calibration : undefined;
}

interface KnownTask {
  readonly task: Task<Network>;
  readonly isOwn: boolean;
}

/** Task of a run: one that is learnt from somebody's own files, or a built-in one; undefined for any other. */
async function taskOf({
  task: name,
  dataOptions,
  model,
}: NonNullable<ModelFacts['info']>): Promise<KnownTask | undefined> {
  const { ownTask, tasks } = await import('@heed/tasks');
  const own = ownTask(name, dataOptions);
  const builtIn = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  const task: Task<Network> | undefined = own ?? builtIn;
  // Somebody else's task may have the same name.
  const answers = task?.networks.some(({ kind }) => kind === model.kind) === true;
  return answers ? { task, isOwn: own !== undefined } : undefined;
}

/** Facts without the functions, which can't cross between threads. */
function factsOf({ task, isOwn }: KnownTask): TaskFacts {
  const { name, title, description, limits, unit, example, multiline, options } = task;
  return { name, title, description, limits, unit, example, multiline, options, isOwn };
}

/**
 * The model that was loaded last, with the task that it answers.
 *
 * @param off heads that it does without
 * @throws HeedError INVALID_ARGUMENT when none was loaded, when its task isn't known, or for a head that it doesn't have
 */
export function loadedWithTask(off?: readonly HeadPlace[]): {
  readonly model: ModelOf<KnownNetwork>;
  readonly task: Task<Network>;
  readonly calibration: Calibration | undefined;
} {
  const { task, calibration } = held ?? {};
  if (task === undefined) throw new HeedError('INVALID_ARGUMENT', { message: 'no model with a known task was loaded' });
  return { model: present(off), task, calibration };
}

/**
 * The encoder–decoder that was loaded last, which can be watched and searched symbol by symbol.
 *
 * @param off heads that it does without
 * @throws HeedError INVALID_ARGUMENT when none was loaded, or for a head that it doesn't have
 */
export function loadedModel(off?: readonly HeadPlace[]): Seq2Seq {
  const model = present(off);
  if (!isRecurrent(model)) throw isAnother(model);
  return model;
}

/**
 * The captioner that was loaded last.
 *
 * @throws HeedError INVALID_ARGUMENT when none was loaded
 */
export function loadedCaptioner(): { readonly model: Captioner; readonly calibration: Calibration | undefined } {
  const model = present();
  if (!isCaptioner(model)) throw isAnother(model);
  return { model, calibration: held?.calibration };
}

const isAnother = ({ config }: ModelOf<KnownNetwork>): HeedError =>
  new HeedError('INVALID_ARGUMENT', { message: `the model that was loaded is a ${config.kind} model` });

function present(off?: readonly HeadPlace[]): ModelOf<KnownNetwork> {
  if (held === undefined) throw new HeedError('INVALID_ARGUMENT', { message: 'no model was loaded yet' });
  return held.model.open(headsOff(off));
}

const isRecurrent = (model: ModelOf<KnownNetwork>): model is ModelOf<typeof recurrent> =>
  model.config.kind === 'recurrent';

const isCaptioner = (model: ModelOf<KnownNetwork>): model is ModelOf<typeof captioner> =>
  model.config.kind === 'captioner';

function modelAmong(names: readonly string[]): string {
  const found = names.filter((name) => name.endsWith('.safetensors') && name !== 'training.safetensors');
  const name = found.find((one) => one === 'model.safetensors') ?? (found.length === 1 ? found[0] : undefined);
  if (name !== undefined) return name;
  throw new HeedError('FILE_INVALID', {
    message: `there is no model.safetensors among ${names.join(', ').slice(0, 200) || 'nothing'}`,
    hint: 'give model.safetensors of a run, with run.json or without, or the whole run in a .zip file',
  });
}

export async function beam({ word, width, penalty, off }: Args<'beam'>): Promise<Found[]> {
  const model = loadedModel(off);
  const [hypotheses] = await model.beam([symbolsOf(word, model.config)], { width, lengthPenalty: penalty });
  return hypotheses!.map(({ output, logProbability, score, weights, finished }) => ({
    output,
    logProbability,
    score,
    weights: weights ?? null,
    finished,
  }));
}
