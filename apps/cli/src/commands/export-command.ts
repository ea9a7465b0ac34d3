import { models } from '@heed/models/files';
import { defineCommand } from '../command.js';
import { flag, oneOf, toggle, type FlagsOf } from '../flag.js';
import { wholeNumber } from '../flag-values.js';
import { COMMON_FLAGS, UNUSED_BACKEND, UNUSED_SEED } from '../shared-flags.js';

const FORMATS = ['onnx', 'safetensors'] as const;

/** Test inputs that `--check` takes by itself. */
export const CHECKED = 200;

const FLAGS = {
  out: flag('<folder>', 'folder to write to'),
  to: oneOf(
    '<format>',
    'what the model becomes: onnx, which runs by itself, or safetensors, its parameters',
    FORMATS,
    'onnx',
  ),
  check: flag(
    '[number]',
    `compare with Heed in onnxruntime-node, on so many inputs of the test split (${CHECKED} without a number)`,
    (text): number | true => wholeNumber({ least: 1 })(text),
  ),
  longest: flag(
    '<number>',
    'symbols of the longest text that positions are told apart in',
    wholeNumber({ least: 64, most: 4096 }),
    512,
  ),
  overwrite: toggle('write to a folder that has files'),
  ...UNUSED_SEED,
  ...UNUSED_BACKEND,
  ...COMMON_FLAGS,
};

export type ExportFlags = FlagsOf<typeof FLAGS>;

export const EXPORT = defineCommand({
  usage: 'export <run>',
  about:
    'Write a model as ONNX files, with a small program that runs them without Heed: a run’s folder, or the model that is shipped for a task.\n' +
    'Texts of a batch have one length; greedy search, classification and sampling are in the program.',
  flags: FLAGS,
  notes: `Come with Heed (heed tasks says more):\n  ${Object.keys(models).join(', ')}`,
  examples: [
    'heed export g2p --out g2p-onnx',
    'heed export runs/first --out first --check',
    'heed export translate --to safetensors --out weights',
  ],
  runs: 'here',
  load: async () => (await import('./export.js')).exportRun,
});
