import { ownBackend } from '@heed/backends';
import { defineConfig } from '@heed/cli';
import { composed, type BackendFactory } from '@heed/core';
import { recurrent } from '@heed/networks';
import { g2p } from '@heed/tasks';
import { loadReversed } from '../small/reversed.js';
import { gentleDot } from './gentle.js';

const plain = composed({ engine: 'cpu', load: () => import('@tensorflow/tfjs-backend-cpu') });
const named = (name: string): BackendFactory => ({
  ...plain,
  name,
  create: async () => ({ ...(await plain.create()), name }),
});

const { model, training } = g2p.presets['small'];
const letters = {
  ...g2p,
  name: 'letters',
  load: loadReversed,
  networks: [recurrent, { ...recurrent, kind: 'renamed' }],
  presets: {
    tiny: {
      title: 'general attention',
      model: { ...model, embeddingWidth: 8, encoderUnits: 8, decoderUnits: 8, outputUnits: 8 },
      training: { ...training, steps: 2, batchSize: 8, validationExamples: 16 },
    },
  },
};

console.log('what a configuration says while it loads is no result');

export default defineConfig({
  backends: [
    named('mine'),
    {
      ...ownBackend(named('threaded')),
      settings: { threads: { kind: 'whole number', least: 1, most: 100, otherwise: '1' } },
    },
  ],
  mechanisms: [gentleDot],
  tasks: [letters],
  networks: [{ ...recurrent, kind: 'other' }],
});
