import { HeedError, checkName } from '@heed/base';
import { findNetwork, type ConfigOf, type Network } from '@heed/nn';
import { ownKinds, type OwnKind, type Preset, type Task } from '@heed/tasks';
import type { DataFacts, DataKinds, DataSettings, PresetFacts } from '../engine/jobs.js';
import type { Args } from '../engine/protocol.js';
import { guessKind } from '@heed/datasets';

export type AnyTask = Task<Network>;
export type AnyData = Awaited<ReturnType<AnyTask['load']>>;

/** Somebody's own files, read. */
export interface ReadData {
  readonly task: AnyTask;
  readonly data: AnyData;
}

/** Greatest size of all files together, in bytes: a page has less memory than the command. */
const MOST_BYTES = 512 * 2 ** 20;

/** Data that were read last, so that what was looked at isn't read again for the training. */
let last: { readonly key: string; readonly read: ReadData } | undefined;

/**
 * Reads somebody's own files.
 *
 * @param name  name of the kind of data
 * @param share gets the share that has been read
 * @throws HeedError FILE_TOO_LARGE, FILE_INVALID, INVALID_ARGUMENT, UNKNOWN_OPTION, UNKNOWN_NAME
 */
export async function readOwn(
  name: string,
  files: readonly File[],
  settings: DataSettings,
  seed: number,
  share: (done: number) => void,
): Promise<ReadData> {
  const key = JSON.stringify([name, settings, seed, files.map((file) => [file.name, file.size, file.lastModified])]);
  if (last?.key === key) return last.read;
  last = undefined; // two sets of data may not fit into memory
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > MOST_BYTES) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `the files have ${size} bytes, the limit of a page is ${MOST_BYTES}`,
      hint: `the command takes more: heed train ${name} --data FILE`,
      details: { size, maxBytes: MOST_BYTES },
    });
  }
  const task = kindNamed(name).define({ data: files }, settings);
  const data = await task.load({ seed, onProgress: ({ done, total }) => share(total > 0 ? done / total : 1) });
  last = { key, read: { task, data } };
  return last.read;
}

/** The kinds whose files are all that they need: of others a page lacks the folder. */
const KINDS: Readonly<Record<string, OwnKind>> = Object.fromEntries(
  Object.entries(ownKinds).filter(([, { beside }]) => beside === undefined),
);

const kindNamed = (name: string): OwnKind => KINDS[checkName('kind of data', name, Object.keys(KINDS))];

/**
 * Guesses what somebody's own files hold, by the first of them.
 *
 * @throws HeedError FILE_INVALID where there is none; INVALID_ARGUMENT for files that only the command learns from
 */
export async function guessData(files: readonly File[]): Promise<DataKinds> {
  const [first] = files;
  if (first === undefined) throw new HeedError('FILE_INVALID', { message: 'there is no file among what was given' });
  const guess = await guessKind(first);
  if (!Object.hasOwn(KINDS, guess)) {
    const command = `heed train ${guess} --data FILE`;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${first.name} looks like ${guess}, whose other files a page can't read`,
      hint: `the command can: ${command}`,
      details: { kind: guess, command },
    });
  }
  const kinds = Object.entries(KINDS).map(([name, { settings }]) => [name, settings] as const);
  return { guess, kinds: Object.fromEntries(kinds) };
}

/** Reads somebody's own files, and says what was found in them and what can be learnt from them. */
export async function readData(
  { task: name, files, settings, seed }: Args<'readData'>,
  share: (done: number) => void,
): Promise<DataFacts> {
  const { task, data } = await readOwn(name, files, settings, seed, share);
  const { title, description, limits, unit, example, multiline, options } = task;
  const { title: ofData, counts, notes } = data.describe();
  const presets = presetsOf(task, data);
  return {
    task: { name, title, description, limits, unit, example, multiline, options, isOwn: true },
    title: ofData,
    counts,
    notes,
    options: data.options,
    presets,
    suggested: suggested(Object.keys(task.presets)[0], presets),
  };
}

/** The presets of a task, the smallest first. */
function presetsOf(task: AnyTask, data: AnyData): PresetFacts[] {
  return Object.entries(task.presets)
    .map(([name, preset]): PresetFacts => {
      const { steps, batchSize, learningRate } = preset.training;
      return {
        name,
        title: preset.title,
        parameters: parametersOf(task, preset, data),
        steps,
        batchSize,
        learningRate,
      };
    })
    .toSorted((a, b) => a.parameters - b.parameters);
}

function parametersOf(task: AnyTask, preset: Preset<Network>, data: AnyData): number {
  const config: ConfigOf = task.configure(preset, data, 1);
  const model = findNetwork(config, task.networks).create(config);
  model.dispose();
  return model.parameterCount;
}

// With fewer parameters a model is quick enough in a page.
const FEW = 100_000;

/** The task's usual preset, unless that is large and another has less than half its parameters: a page is slower than the command. */
function suggested(usual: string, presets: readonly PresetFacts[]): string {
  const [smallest] = presets;
  const most = presets.find(({ name }) => name === usual)?.parameters ?? 0;
  return smallest !== undefined && most > FEW && 2 * smallest.parameters < most ? smallest.name : usual;
}
