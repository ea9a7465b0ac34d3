import { join } from 'node:path';
import type { NetworkOptions } from '../../training/networks.js';
import type { Network } from '../../training/trainable.js';
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

/** `createRun` of '@heed/nn' in a folder of the file system. */
export const createRun = <N extends Network>(
  folder: string,
  options: inFolder.CreateRunOptions<N>,
): Promise<inFolder.Run<N>> => inFolder.createRun(runFolder(folder), options);

/** `resumeRun` of '@heed/nn', likewise. */
export const resumeRun = <N extends Network = Network>(
  folder: string,
  options: inFolder.ResumeRunOptions<N>,
): Promise<inFolder.Run<N>> => inFolder.resumeRun(runFolder(folder), options);

/** `openRun` of '@heed/nn', likewise. */
export const openRun = <N extends Network = Network>(
  folder: string,
  options: inFolder.OpenRunOptions<N>,
): Promise<inFolder.OpenedRun<N>> => inFolder.openRun(runFolder(folder), options);

/** `readRunInfo` of '@heed/nn', likewise. */
export const readRunInfo = <N extends Network>(folder: string, options: NetworkOptions<N>): Promise<RunInfo<N>> =>
  inFolder.readRunInfo(runFolder(folder), options);
