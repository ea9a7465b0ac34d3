import type { OwnFiles, OwnFolder } from '@heed/datasets';
import type { Network } from '@heed/nn';
import type { Task } from '../task.js';

/** Files of a task's data. A task that only answers, with all its settings, needs none. */
export type TaskFiles = Partial<OwnFiles>;

/** The same, with files of the folder that they are in. */
export type TaskFolder = Partial<OwnFolder>;

/** A kind of task that is learnt from somebody's own files. */
export interface OwnKind {
  /** Name of the kind and of its tasks: 'pairs'. */
  readonly name: string;
  readonly title: string;
  /** One sentence that says what a file holds, and what a model learns from it. */
  readonly description: string;
  /**
   * Endings of the files that it needs from the folder of its data, and from the folders there: they are `TaskFolder.beside`. Absent
   * where the data are all.
   */
  readonly beside?: readonly string[];
  /** Names of its settings, the seed aside. */
  readonly settings: readonly string[];
  /**
   * The task of some files.
   *
   * @param settings plain JSON, as a run keeps it
   * @throws HeedError UNKNOWN_OPTION, INVALID_ARGUMENT for settings that the kind doesn't have, or that are out of range
   */
  define(files: TaskFolder, settings: Readonly<Record<string, unknown>>): Task<Network>;
}
