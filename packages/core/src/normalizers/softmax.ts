import { exponentialRows } from '../composed/shared.js';
import { defineNormalizer } from './define.js';
import { centred } from './rows.js';

/** exp(s) / Σ exp(s). */
export const softmax = defineNormalizer({
  name: 'softmax',
  title: 'softmax',
  forward: (scores) => exponentialRows(scores).ratios,
  backward: centred,
});
