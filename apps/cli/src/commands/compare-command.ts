import { defineCommand } from '../command.js';
import { flag, type FlagsOf } from '../flag.js';
import { names, wholeNumber } from '../flag-values.js';
import { BROWSER_FLAGS, COMMON_FLAGS, attention, seed, threadCount, threaded } from '../shared-flags.js';

const FLAGS = {
  backends: flag(
    '<list>',
    ({ backends }) => `some of ${backends.names.join(',')} (default: all that need no browser)`,
    names,
  ),
  words: flag(
    '<number>',
    'how many texts, or pictures or sounds, a model is given, chosen by the seed',
    wholeNumber({ least: 1, most: 4096 }),
    8,
  ),
  preset: flag('<name>', 'of a new model (default: the task’s first)'),
  attention: attention('of a new model'),
  out: flag('<file>', 'write maps of the differences to a .svg, .png, .html, .csv or .json file'),
  threads: flag('<number>', threaded, threadCount),
  ...BROWSER_FLAGS,
  seed: seed('of a new model, and of which words it is given', 1),
  ...COMMON_FLAGS,
};

export type CompareFlags = FlagsOf<typeof FLAGS>;

export const COMPARE = defineCommand({
  usage: 'compare <problem>',
  about:
    'How far backends are from the truth and from each other. Exit code 3 when one is past what is allowed.\n' +
    'The problem is a task (a new recurrent encoder–decoder of it), a case of heed conformance, the folder of a run,\n' +
    'or the folder of a pretrained model of Hugging Face, whose logits, states and attention weights are compared.',
  flags: FLAGS,
  examples: [
    'heed compare g2p --backends cpu,wasm,webgl',
    'heed compare runs/g2p --out differences.html',
    'heed compare bert --words 2',
    'heed compare masks/dot/causal-top-left --json',
  ],
  runs: 'here',
  load: async () => (await import('./compare.js')).compare,
});
