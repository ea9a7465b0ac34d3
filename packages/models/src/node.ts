import { fileURLToPath } from 'node:url';
import { HeedError } from '@heed/base';
import { models } from './models.js';

/** The models that this package ships, by the names of their tasks. */
export const MODEL_NAMES: readonly string[] = Object.keys(models);

/**
 * The folder of a model, which is a run's: for `openRun` of `@heed/nn/node`.
 *
 * @throws HeedError UNKNOWN_NAME, with the names there are
 */
export function modelFolder(name: string): string {
  if (Object.hasOwn(models, name)) return fileURLToPath(new URL('.', models[name].model));
  throw new HeedError('UNKNOWN_NAME', {
    message: `there is no model ${JSON.stringify(name)}`,
    hint: `models are: ${MODEL_NAMES.join(', ')}`,
    details: { name, known: MODEL_NAMES },
  });
}
