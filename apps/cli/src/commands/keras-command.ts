import { defineCommand } from '../command.js';
import { flag, toggle, type FlagsOf } from '../flag.js';
import { number } from '../flag-values.js';
import { BACKEND_FLAGS, COMMON_FLAGS, UNUSED_SEED } from '../shared-flags.js';

const FLAGS = {
  input: flag(
    '<file...>',
    'run it on this .npy or JSON; NAME=FILE for one of several inputs; or .safetensors of input/NAME',
  ),
  out: flag('<file>', 'write the outputs to .npy (of one output) or .safetensors'),
  maps: toggle('show what each attention layer attends to, by layer and head'),
  mapsOut: flag('<file>', 'write these maps to .svg, .png, .html, .csv or .json'),
  check: flag(
    '[file]',
    'compare with .npy, or .safetensors of output/0, …; without a file, hold a folder’s models to the numbers in it',
    (text): string | true => text,
  ),
  tolerance: flag('<number>', 'of --check, relative to the largest number', number({ above: 0 }), 1e-5),
  weights: flag('<file>', 'weights of a model that is JSON alone: .weights.h5 or .h5'),
  ...UNUSED_SEED,
  ...BACKEND_FLAGS,
  ...COMMON_FLAGS,
};

export type KerasFlags = FlagsOf<typeof FLAGS>;

export const KERAS = defineCommand({
  usage: 'keras <model>',
  about:
    'A model that Keras 2, Keras 3 or TensorFlow.js has saved: .keras, .h5, model.json with its weights, or a folder of these. Says what is in it, runs it, and shows what it attends to. Exit code 3 when --check fails.',
  flags: FLAGS,
  notes:
    'Layers that aren’t Keras’s own come from a heed.config: `layers: [YourLayer]`,\nclasses that extend KerasLayer of @heed/keras.',
  examples: ['heed keras model.keras', 'heed keras model.keras --input x.npy --maps', 'heed keras folder --check'],
  runs: 'on its backend',
  load: async () => (await import('./keras.js')).keras,
});
