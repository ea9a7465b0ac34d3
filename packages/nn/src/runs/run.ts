import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import { encodeParameters, readModel, type ReadOptions } from './model-file.js';
import type { LockHolder, RunFolder, RunLock } from './run-folder.js';
import {
  checkDescription,
  decodeRunInfo,
  encodeRunInfo,
  runInfo,
  type RunDescription,
  type RunInfo,
} from './run-info.js';
import { checkNetworks, findNetwork, type ExampleOf, type ModelOf, type NetworkOptions } from '../training/networks.js';
import type { Network, Trainable } from '../training/trainable.js';
import { RUN_OPTIONS, type Outcome, type RunOptions } from '../training/run-loop.js';
import { createTrainer, type Trainer, type TrainingExamples } from '../training/trainer.js';
import { bestParameters, type TrainerState } from '../training/trainer-state.js';
import { decodeTraining, encodeTraining } from './training-file.js';

/**
 * The files of a run. training.safetensors alone is what a run continues from, so it is renamed into place first;
 * model.safetensors (the best parameters so far) and run.json (what the run is, and how far it got) follow from it.
 */
const TRAINING_FILE = 'training.safetensors';
const MODEL_FILE = 'model.safetensors';
const INFO_FILE = 'run.json';
const FILES = [TRAINING_FILE, MODEL_FILE, INFO_FILE];

// Configuration and history are a few kilobytes; the largest alphabets a few hundred.
const LARGEST_INFO = 2 ** 24;
const LARGEST_TENSORS = 2 ** 31;

/** A training run that keeps itself in a folder, which nobody else can train in until the run is disposed of. */
export interface Run<N extends Network = Network> {
  readonly folder: string;
  /** The process that trained here before, and ended without releasing the folder. */
  readonly takenOver?: LockHolder;
  /** Model with the newest parameters; those of the best evaluation are in the folder, see `openRun`. */
  readonly model: ModelOf<N>;
  info(): RunInfo<N>;
  /** Goes on training and saves, see `RunOptions`. When it returns, everything is in the folder. */
  train(options?: RunTrainOptions): Promise<Outcome>;
  dispose(): void;
}

export interface RunTrainOptions extends Omit<RunOptions, 'save'> {
  readonly onSaved?: (saved: { readonly step: number }) => void;
}

const { save: _save, ...TRAINER_OPTIONS } = RUN_OPTIONS;
const TRAIN_OPTIONS: OptionNames<RunTrainOptions> = { ...TRAINER_OPTIONS, onSaved: true };

export interface CreateRunOptions<N extends Network = Network> extends RunDescription<N>, NetworkOptions<N> {
  readonly examples: TrainingExamples<ExampleOf<N>>;
  /** Replaces the run that the folder holds, if any. Default false. */
  readonly overwrite?: boolean;
}

/**
 * Starts a run and writes its first state, so that an unwritable folder is known at once.
 *
 * @throws HeedError FILE_ACCESS; RUN_LOCKED; INVALID_ARGUMENT when the folder holds a run already, or there are no examples;
 *   CONFIG_INVALID, UNKNOWN_NAME (the kind of attention)
 */
export async function createRun<N extends Network>(folder: RunFolder, options: CreateRunOptions<N>): Promise<Run<N>> {
  const { examples, networks, overwrite = false, ...described } = options;
  checkNetworks('createRun', networks);
  const description = checkDescription(described, networks);
  const network = findNetwork<Network>(description.model, networks);
  const model = network.create(description.model) as ModelOf<N>;
  return disposingOnError(model, async () => {
    const trainer = createTrainer(network, model, examples, description.training);
    await folder.make();
    return locking(folder, async (lock) => {
      if (await holdsRun(folder)) {
        if (!overwrite) {
          throw new HeedError('INVALID_ARGUMENT', {
            message: `${folder.path} holds a run already`,
            hint: 'resume it, overwrite it, or choose another folder',
            details: { folder: folder.path },
          });
        }
        // First, so that a kill doesn't leave the old description with the new parameters.
        await folder.remove(INFO_FILE);
      }
      await folder.removeLeftovers(FILES);
      const place = { folder, lock, description, model, seconds: 0 };
      await save(place, trainer.state());
      return runIn(place, trainer);
    });
  });
}

export interface ResumeRunOptions<N extends Network = Network> extends NetworkOptions<N> {
  /** Must be the version that the run was started with. */
  readonly dataVersion: string;
  /** Examples that the run was started with, in the same order. */
  readonly examples: TrainingExamples<ExampleOf<N>>;
  /** Makes the run end at another step. The learning rate follows the schedule of the new length from here on. */
  readonly steps?: number;
}

const RESUME_OPTIONS: OptionNames<ResumeRunOptions> = {
  networks: true,
  dataVersion: true,
  examples: true,
  steps: true,
};

/**
 * Continues the run in a folder where its last save left it.
 *
 * @throws HeedError FILE_ACCESS, RUN_LOCKED, FILE_TOO_LARGE, FILE_INVALID, CHECKPOINT_INVALID (damaged, or other data),
 *   CONFIG_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export async function resumeRun<N extends Network = Network>(
  folder: RunFolder,
  options: ResumeRunOptions<N>,
): Promise<Run<N>> {
  checkOptions<ResumeRunOptions<N>>('resumeRun', options, RESUME_OPTIONS);
  checkNetworks('resumeRun', options.networks);
  return locking(folder, (lock) => resumeLocked(folder, lock, options));
}

async function resumeLocked<N extends Network>(
  folder: RunFolder,
  lock: RunLock | undefined,
  options: ResumeRunOptions<N>,
): Promise<Run<N>> {
  const { networks } = options;
  const { formatVersion: _, progress, ...written } = await readRunInfo(folder, { networks });
  if (options.dataVersion !== written.dataVersion) {
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `the run in ${folder.path} was started on other data: ${written.dataVersion}, not ${options.dataVersion}`,
      hint: 'install the version of the data that the run was started with, or start a new run',
      details: { run: written.dataVersion, now: options.dataVersion },
    });
  }
  const { steps = written.training.steps } = options;
  const description = checkDescription({ ...written, training: { ...written.training, steps } }, networks);
  const { model, state } = decodeTraining(await folder.read(TRAINING_FILE, LARGEST_TENSORS), { networks });
  return disposingOnError(model, async () => {
    assertSameModel(folder, model, description);
    const trainer = createTrainer(
      findNetwork<Network>(description.model, networks),
      model,
      options.examples,
      description.training,
      state,
    );
    await folder.removeLeftovers(FILES);
    return runIn({ folder, lock, description, model, seconds: progress.seconds }, trainer);
  });
}

/** Whether there is a run in the folder, damaged or not. */
export const holdsRun = (folder: RunFolder): Promise<boolean> => folder.has(INFO_FILE);

/** What the run in a folder is about, and how far it got. */
export async function readRunInfo<N extends Network>(
  folder: RunFolder,
  options: NetworkOptions<N>,
): Promise<RunInfo<N>> {
  checkOptions<NetworkOptions>('readRunInfo', options, { networks: true });
  const { networks } = options;
  checkNetworks('readRunInfo', networks);
  return decodeRunInfo(await folder.read(INFO_FILE, LARGEST_INFO), networks);
}

export interface OpenRunOptions<N extends Network = Network> extends ReadOptions, NetworkOptions<N> {
  /** What has to be there before the model is built, such as a backend that is being selected: files are read meanwhile. */
  readonly ready?: Promise<unknown>;
}

const OPEN_OPTIONS: OptionNames<OpenRunOptions> = { maxBytes: true, networks: true, ready: true };

export interface OpenedRun<N extends Network = Network> {
  readonly model: ModelOf<N>;
  readonly info: RunInfo<N>;
}

/**
 * The model of a run, with the parameters of its best evaluation (the newest, without evaluations), to be used.
 *
 * @throws HeedError as `resumeRun`; what `ready` is rejected with
 */
export async function openRun<N extends Network = Network>(
  folder: RunFolder,
  options: OpenRunOptions<N>,
): Promise<OpenedRun<N>> {
  checkOptions<OpenRunOptions>('openRun', options, OPEN_OPTIONS);
  checkNetworks('openRun', options.networks);
  const { maxBytes = LARGEST_TENSORS, networks, ready } = options;
  ready?.catch(() => undefined); // it is awaited when the files are read
  const info = await readRunInfo(folder, { networks });
  const build = readModel(await folder.read(MODEL_FILE, maxBytes), { maxBytes, networks });
  await ready;
  const model = build();
  return disposingOnError(model, async () => {
    assertSameModel(folder, model, info);
    return { model, info };
  });
}

interface Place<N extends Network> {
  readonly folder: RunFolder;
  readonly lock: RunLock | undefined;
  readonly description: RunDescription<N>;
  readonly model: ModelOf<N>;
  /** Training time until now. */
  readonly seconds: number;
}

function runIn<N extends Network>(place: Place<N>, trainer: Trainer): Run<N> {
  let { seconds } = place;
  return {
    folder: place.folder.path,
    ...(place.lock?.takenOver !== undefined && { takenOver: place.lock.takenOver }),
    model: place.model,
    info: () => runInfo(place.description, trainer.state(), seconds),
    async train(given = {}) {
      checkOptions('run: train', given, TRAIN_OPTIONS);
      const { onSaved, ...options } = given;
      const before = seconds;
      const start = performance.now();
      return trainer.run({
        ...options,
        async save(state) {
          seconds = before + (performance.now() - start) / 1000;
          await save({ ...place, seconds }, state);
          onSaved?.({ step: state.step });
        },
      });
    },
    dispose() {
      place.model.dispose();
      place.lock?.release();
    },
  };
}

async function save<N extends Network>(
  { folder, lock, description, model, seconds }: Place<N>,
  state: TrainerState,
): Promise<void> {
  await lock?.assertHeld();
  await folder.write(TRAINING_FILE, encodeTraining(model, state));
  await folder.write(MODEL_FILE, encodeParameters(model, bestParameters(state)));
  await folder.write(INFO_FILE, encodeRunInfo(runInfo(description, state, seconds)));
}

function assertSameModel(folder: RunFolder, { config }: Trainable, { model }: RunDescription): void {
  if (JSON.stringify(config) === JSON.stringify(model)) return;
  throw new HeedError('CHECKPOINT_INVALID', {
    message: `${folder.path}: ${INFO_FILE} and the parameters beside it are of different models`,
    hint: 'files of two runs were mixed',
  });
}

async function disposingOnError<T>(model: Trainable, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Makes a run in a locked folder; the run releases it, or this does when there will be none. */
async function locking<T>(folder: RunFolder, work: (lock: RunLock | undefined) => Promise<T>): Promise<T> {
  const lock = await folder.lock?.();
  try {
    return await work(lock);
  } catch (error) {
    lock?.release();
    throw error;
  }
}
