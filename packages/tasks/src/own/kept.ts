import type { Network } from '@heed/nn';
import type { Task } from '../task.js';
import type { OwnKind, TaskFolder } from './own-kind.js';
import { ownKinds } from './own-kinds.js';

/** What a run keeps of its data. */
type Kept = Readonly<Record<string, unknown>>;

/** Settings of a kind among what a run kept of its data, which has the seed and the names of files beside them. */
export const keptSettings = (kind: OwnKind, kept: Kept): Kept =>
  Object.fromEntries(Object.entries(kept).filter(([name]) => kind.settings.includes(name)));

/**
 * Task of a run that was learnt from somebody's own files, with the settings that the run kept.
 *
 * @param files files to learn from; a task that only answers needs none
 * @returns undefined where the name is none of theirs
 */
export function ownTask(name: string, kept: Kept, files: TaskFolder = {}): Task<Network> | undefined {
  if (!Object.hasOwn(ownKinds, name)) return undefined;
  const kind = ownKinds[name];
  return kind.define(files, keptSettings(kind, kept));
}
