import { models } from '@heed/models/files';
import { ENCODER } from './encoder.js';

/** What `heed run` knows by name, without a run's folder: the shipped models and the sentence encoder. */
export const RUNNABLE: readonly string[] = [...Object.keys(models), ENCODER];
