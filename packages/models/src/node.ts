import { fileURLToPath } from 'node:url';
import { HeedError } from '@heed/base';
import { models } from './models.js';

/** Names of the models that this package ships, which are those of their tasks. */
export const MODEL_NAMES: readonly string[] = Object.keys(models);

/**
 * Folder of a model, for `openRun` of `@heed/nn/node`: it has the files of a run.
 *
 * @throws HeedError UNKNOWN_NAME, which lists the known names
 */
export function modelFolder(name: string): string {
  if (Object.hasOwn(models, name)) return fileURLToPath(new URL('.', models[name].model));
  throw new HeedError('UNKNOWN_NAME', {
    message: `there is no model ${JSON.stringify(name)}`,
    hint: `models are: ${MODEL_NAMES.join(', ')}`,
    details: { name, known: MODEL_NAMES },
  });
}
