import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import type { LoadOptions, OwnFiles } from '@heed/datasets';
import type { TaskFiles } from './own-kind.js';

const LOAD_OPTIONS: OptionNames<LoadOptions> = { seed: true, files: true, onProgress: true };

/** What a loader of somebody's own files takes of a task's options; the files are known already. @throws HeedError UNKNOWN_OPTION */
export function loading(task: string, options: LoadOptions) {
  checkOptions(`${task}: load`, options, LOAD_OPTIONS);
  const { seed, onProgress } = options;
  return { seed, how: { ...(onProgress && { onProgress }) } };
}

/**
 * The files of a task that are to be read.
 *
 * @throws HeedError DATA_MISSING where the task was defined without any
 */
export function filesOf(task: string, { data, validation, test }: TaskFiles): OwnFiles {
  if (data !== undefined && data.length > 0) {
    return { data, ...(validation !== undefined && { validation }), ...(test !== undefined && { test }) };
  }
  throw new HeedError('DATA_MISSING', {
    message: `${task}: there is no file to read`,
    hint: 'give the files that hold the data: { data: [file] }',
  });
}
