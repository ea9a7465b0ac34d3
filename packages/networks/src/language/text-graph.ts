import * as tf from '@tensorflow/tfjs-core';
import { equalIds, tidy, type Graph } from '@heed/nn';
import type { LanguageNetwork } from './network.js';

/** Whole texts at once: `symbols` [batch, time], the boundary first, → `logits` of what follows each, [batch, time, vocabulary]. */
export const textGraph = (all: LanguageNetwork['all']): Graph => ({
  name: 'model',
  inputs: { symbols: { shape: ['batch', 'time'], dtype: 'int32' } },
  run: ({ symbols }) =>
    tidy(() => {
      const { ids, batch, time } = equalIds(symbols);
      const scores = all({ inputs: ids, batch, time });
      return { logits: tf.reshape(scores, [batch, time, scores.shape[1]]) };
    }),
});
