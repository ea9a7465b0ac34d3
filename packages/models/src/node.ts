import { fileURLToPath } from 'node:url';
import { checkName } from '@heed/base';
import { models } from './models.js';

/** Names of the models that this package ships, which are those of their tasks. */
export const MODEL_NAMES: readonly string[] = Object.keys(models);

/**
 * Folder of a model, for `openRun` of `@heed/nn/node`: it has the files of a run.
 *
 * @throws HeedError UNKNOWN_NAME, with the nearest name and all there are
 */
export function modelFolder(name: string): string {
  return fileURLToPath(new URL('.', models[checkName('model', name, MODEL_NAMES)].model));
}
