import { checkName } from '@heed/base';
import type { DataFile } from '@heed/datasets';
import type { OwnKind, TaskFolder } from '@heed/tasks';
import { keptSettings, ownKinds, ownTask } from '@heed/tasks';
import { ENCODER } from '../encoder.js';
import { flagOf } from '../flag-names.js';
import type { Host } from '../host.js';
import { taskNamed, tasksOf, type AnyData, type AnyTask } from '../known.js';
import { typed, UsageError } from '../usage-error.js';
import { assertFits } from './assert-fits.js';
import { FILE_FLAGS, SETTING_FLAGS, type FileFlags, type SettingFlags } from './own-flags.js';
import { settingsOf } from './settings-of.js';

type DataOptions = Readonly<Record<string, unknown>>;
type SourceFlags = FileFlags & SettingFlags;

/** A task, with where its data are. */
export interface TaskSource {
  readonly task: AnyTask;
  /** @param options what the data were loaded with before; of a built-in task also what they are loaded with now */
  load(options: { readonly seed: number }, onProgress?: Progressed): Promise<AnyData>;
  /** What a run keeps beside the data's own options: the names of the files. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

type Progressed = (progress: { readonly done: number; readonly total: number }) => void;

/** The kind of a name, if its tasks are learnt from somebody's own files. */
export const ownKind = (name: string): OwnKind | undefined =>
  Object.hasOwn(ownKinds, name) ? ownKinds[name] : undefined;

/** Names of everything that can be trained. */
const trainable = (host: Pick<Host, 'brought'>): readonly string[] => [
  ...Object.keys(tasksOf(host)),
  ...Object.keys(ownKinds),
];

/** A task by its name alone. Of somebody's own data it knows all but the data. */
export function taskOfName(name: string, host: Pick<Host, 'brought'>): AnyTask {
  const kind = ownKind(name);
  if (kind !== undefined) return kind.define({}, {});
  // The pretrained model is no task, and says so itself.
  if (name !== ENCODER) typed(() => checkName('task', name, trainable(host)));
  return taskNamed(name, host);
}

/**
 * The task of a run, with where its data are: where the run has them from, unless flags say that they are elsewhere now.
 *
 * @param kept what the run kept of its data
 * @throws HeedError FILE_ACCESS for files that aren't there
 */
export async function sourceOfRun(
  host: Host,
  name: string,
  kept: DataOptions,
  flags: Partial<FileFlags> = {},
): Promise<TaskSource> {
  const kind = ownKind(name);
  if (kind === undefined) return builtIn(host, name);
  const files = { ...pathsIn(kept), ...pathsIn(flags) };
  return own(host, kind, files, keptSettings(kind, kept));
}

/** The task that answers for a run: of somebody's own data without the data. */
export function taskOfRun(host: Pick<Host, 'brought'>, name: string, kept: DataOptions): AnyTask {
  return ownTask(name, kept) ?? tasksOf(host)[name];
}

/**
 * The task that flags describe.
 *
 * @throws UsageError for files or settings of a task that has no use for them, and for a kind that lacks its files
 */
export async function sourceOfFlags(host: Host, name: string, flags: SourceFlags): Promise<TaskSource> {
  const kind = ownKind(name);
  const given = [...Object.keys(FILE_FLAGS), ...Object.keys(SETTING_FLAGS)].filter(
    (flag) => flags[flag as keyof SourceFlags] !== undefined,
  );
  if (kind === undefined) {
    if (given.length > 0) {
      throw new UsageError(
        `${flagOf(given[0])} is of your own data, and ${name} has its own`,
        `heed train ${Object.keys(ownKinds).join('|')} --data FILE`,
      );
    }
    return builtIn(host, name);
  }
  const settings = settingsOf(kind, flags);
  if (flags.data === undefined) {
    throw new UsageError(`${name} is learnt from your own files`, `heed train ${name} --data FILE`);
  }
  return own(host, kind, pathsIn(flags), settings);
}

const builtIn = (host: Host, name: string): TaskSource => {
  const task = taskNamed(name, host);
  return { task, load: (options) => task.load({ ...options, files: host.packageFiles }), files: {} };
};

async function own(
  host: Host,
  kind: OwnKind,
  paths: Readonly<Record<string, readonly string[]>>,
  settings: Readonly<Record<string, unknown>>,
): Promise<TaskSource> {
  const files = await openOwn(host, kind, paths);
  const task = kind.define(files, settings);
  return {
    task,
    load: ({ seed }, onProgress) => task.load({ seed, ...(onProgress && { onProgress }) }),
    files: paths,
  };
}

/**
 * The files of a kind's data by their names, with those that it needs beside the first.
 *
 * @throws HeedError FILE_ACCESS; FILE_TOO_LARGE for data that need more memory than there is
 */
export async function openOwn<Part extends string>(
  host: Host,
  { name, beside }: OwnKind,
  paths: Readonly<Record<Part, readonly string[] | undefined>>,
): Promise<Record<Part, DataFile[]> & Pick<TaskFolder, 'beside'>> {
  const files = await openFiles(host, paths);
  assertFits(host, name, Object.values<DataFile[]>(files).flat());
  const [first] = paths['data' as Part] ?? [];
  return beside === undefined || first === undefined
    ? files
    : { ...files, beside: await host.filesBeside(first, beside) };
}

/** Files of each part by their names. */
async function openFiles<Part extends string>(
  host: Host,
  paths: Readonly<Record<Part, readonly string[] | undefined>>,
): Promise<Record<Part, DataFile[]>> {
  const files = {} as Record<Part, DataFile[]>;
  for (const [part, names] of Object.entries(paths) as [Part, readonly string[] | undefined][]) {
    if (names === undefined) continue;
    files[part] = [];
    for (const name of names) files[part].push(await host.dataFile(name));
  }
  return files;
}

/** The names of files among other things. */
const pathsIn = (from: DataOptions): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.keys(FILE_FLAGS).flatMap((part) => {
      const names = from[part];
      return Array.isArray(names) ? [[part, names as readonly string[]] as const] : [];
    }),
  );
