import { MODEL_NAMES } from '@heed/models/node';
import { ENCODER } from './encoder.js';

/** What `heed run` knows by name, without a run's folder: the shipped models and the sentence encoder. */
export const RUNNABLE: readonly string[] = [...MODEL_NAMES, ENCODER];
