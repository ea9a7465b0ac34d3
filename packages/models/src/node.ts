import { fileURLToPath } from 'node:url';
import { models } from './models.js';

/** The models that this package ships, by the names of their tasks. */
export const MODEL_NAMES: readonly string[] = Object.keys(models);

/** The folder of a model, which is a run's: for `openRun` of `@heed/seq2seq/node`. */
export const modelFolder = (name: string): string => fileURLToPath(new URL('.', models[name]!.model));
