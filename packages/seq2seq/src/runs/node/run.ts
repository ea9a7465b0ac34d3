import { join } from 'node:path';
import type { KindName } from '../../kinds.js';
import * as inFolder from '../run.js';
import type { RunFolder } from '../run-folder.js';
import type { RunInfo } from '../run-info.js';
import { exists, makeFolder, readBounded, removeFile, removeTemporaries, writeAtomically } from './files.js';
import { lockFolder } from './lock.js';

/** A folder of the file system, for a run. */
export function runFolder(path: string): RunFolder {
  const at = (file: string): string => join(path, file);
  return {
    path,
    make: () => makeFolder(path),
    has: (file) => exists(at(file)),
    read: (file, maxBytes) => readBounded(at(file), maxBytes),
    write: (file, bytes) => writeAtomically(at(file), bytes),
    remove: (file) => removeFile(at(file)),
    removeLeftovers: (files) => removeTemporaries(path, files),
    lock: () => lockFolder(path),
  };
}

/** `createRun` of '@heed/seq2seq' in a folder of the file system. */
export const createRun = <K extends KindName>(
  folder: string,
  options: inFolder.CreateRunOptions<K>,
): Promise<inFolder.Run<K>> => inFolder.createRun(runFolder(folder), options);

/** `resumeRun` of '@heed/seq2seq', likewise. */
export const resumeRun = <K extends KindName = KindName>(
  folder: string,
  options: inFolder.ResumeRunOptions<K>,
): Promise<inFolder.Run<K>> => inFolder.resumeRun(runFolder(folder), options);

/** `openRun` of '@heed/seq2seq', likewise. */
export const openRun = <K extends KindName = KindName>(
  folder: string,
  options?: inFolder.OpenRunOptions<K>,
): Promise<inFolder.OpenedRun<K>> => inFolder.openRun(runFolder(folder), options);

/** `readRunInfo` of '@heed/seq2seq', likewise. */
export const readRunInfo = (folder: string): Promise<RunInfo> => inFolder.readRunInfo(runFolder(folder));
