import { byName } from '../by-name.js';
import { entmax15 } from './entmax15.js';
import { hard } from './hard.js';
import { sigmoid } from './sigmoid.js';
import { softmax } from './softmax.js';
import { sparsemax } from './sparsemax.js';

/** Core's normalisers by name. */
export const NORMALIZER_DEFINITIONS = byName(softmax, sparsemax, entmax15, sigmoid, hard);

export type Normalizer = keyof typeof NORMALIZER_DEFINITIONS;

/** Their names, the default first. */
export const NORMALIZERS = Object.keys(NORMALIZER_DEFINITIONS) as readonly Normalizer[];
