import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYERS } from '../../../examples/keras/layers.js';
import { KERAS } from '../test/vectors.js';
import { loadKerasFile } from './node.js';

const STRANGER = `${KERAS}/strangers/soham29640__lstm_model`;

describe('loadKerasFile', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each([
    ['a file', `${STRANGER}/lstm_model.h5`, 16961],
    ['a folder with one file', STRANGER, 16961],
    ['a model.json with weights beside it', `${KERAS}/models/vit/model.json`, 2053],
    ['a folder with a model.json', `${KERAS}/models/vit`, 2053],
  ])('loads %s', async (_, path, parameters) => {
    const model = await loadKerasFile(path, { layers: LAYERS });
    expect(model.countParams()).toBe(parameters);
    model.dispose();
  });

  it.each([
    ['what isn’t there', `${KERAS}/none.keras`],
    ['a folder without a model', KERAS],
  ])('refuses %s', async (_, path) => {
    await expect(loadKerasFile(path)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
  });

  it('refuses files that are larger than allowed before they are read', async () => {
    await expect(loadKerasFile(STRANGER, { maxBytes: 1000 })).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });
});
