import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, it } from 'vitest';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { createTrainer } from '@heed/nn';
import { presets } from '../src/recurrent/presets.js';
import { recurrent } from '../src/recurrent/kind.js';
import { symbols, tinyConfig } from './models.js';

// In a file of its own, for the gradients are registered for good once @tensorflow/tfjs is imported.
it('decodes with @tensorflow/tfjs-core alone, and says what training lacks', async () => {
  await tf.setBackend('cpu');
  const model = createSeq2Seq(tinyConfig());
  expect(await model.greedy([symbols('abc')])).toHaveLength(1);
  const examples = { train: [{ source: ['a'], targets: [['A']] }], validation: [] };
  const trainer = createTrainer(recurrent, model, examples, { ...presets.small.training, seed: 1 });
  await expect(trainer.run()).rejects.toMatchObject({ code: 'GRADIENTS_MISSING', hint: /import '@tensorflow\/tfjs'/ });
  model.dispose();
});
