import { defineCommand } from '../command.js';
import { flag, toggle, turnsOff, type FlagsOf } from '../flag.js';
import { number, wholeNumber } from '../flag-values.js';
import { RUNNABLE } from '../runnable.js';
import { BACKEND_FLAGS, COMMON_FLAGS, beam, seed } from '../shared-flags.js';
import { SHARD_FLAGS } from '../shards/shard-flags.js';

/** Where inputs are, and how they are told apart there. */
const INPUT_FLAGS = {
  interactive: toggle('ask for inputs'),
  file: flag('<path...>', 'read inputs from files; - is standard input'),
  lines: toggle('each line is an input, also where inputs may have several'),
  null: toggle('inputs end with NUL instead, and may have any lines'),
  jsonLines: toggle('each line is an input as JSON: "text" or {"input": "text", "id": …}'),
};

const FLAGS = {
  ...INPUT_FLAGS,
  sample: flag(
    '<number>',
    'take so many examples of the test split, which the model never saw',
    wholeNumber({ least: 1 }),
  ),
  split: flag('<name>', 'take them of another part, or of one of several test sets, by its name'),
  ask: flag(
    '<text...>',
    'what is asked of each picture, such as languages of a caption or a question about a film (default: the first there is)',
  ),
  beam,
  temperature: flag('<number>', 'of tasks that sample: 0 takes the most probable symbol', number({ least: 0 })),
  topK: flag('<number>', 'sample among so many symbols', wholeNumber({ least: 1 })),
  topP: flag(
    '<share>',
    'sample among the most probable symbols that make up this share',
    number({ above: 0, most: 1 }),
  ),
  length: flag('<number>', 'sample so many symbols at most', wholeNumber({ least: 1, most: 4096 })),
  count: flag('<number>', 'samples of each input, with seeds from --seed on', wholeNumber({ least: 1, most: 1000 })),
  out: flag('<file>', 'write the attention maps to a .svg, .png, .html, .csv or .json file'),
  maps: turnsOff('show no attention maps in the terminal'),
  ...SHARD_FLAGS,
  seed: seed('which examples --sample takes, and of sampling', 1),
  ...BACKEND_FLAGS,
  ...COMMON_FLAGS,
};

export type InputFlags = FlagsOf<typeof INPUT_FLAGS>;
export type RunFlags = FlagsOf<typeof FLAGS>;

export const RUN = defineCommand({
  usage: 'run <run> [inputs...]',
  about:
    'Run a model, of a run’s folder or the one that is shipped for a task, and show what it attends to, how likely ' +
    'an answer is to be right, and in what an input is unlike those that it learnt from.\n' +
    'Inputs come from the arguments, from --file or standard input, or, on a terminal, are asked for one by one.\n' +
    'A file is one input where inputs have lines, as mails and stories have; elsewhere each of its lines is one.\n' +
    'Where pictures are read, as captions are of some, an input is the path of a PNG, JPEG or WebP file; ' +
    'where films are, the path of a folder, whose pictures are the frames in the order of their names.',
  flags: FLAGS,
  notes: `Come with Heed (heed tasks says more):\n  ${RUNNABLE.join(', ')}`,
  examples: [
    'heed run g2p attending outweighs',
    'heed run use "the cat sat" "a cat was sitting"',
    'echo attending | heed run runs/g2p --json',
    'heed run spam --file *.eml --no-maps',
    'heed run g2p --file words.txt --json --shards 16 > answers.ndjson',
    'heed run runs/g2p attending --out map.svg',
    'heed run caption cat.png --ask en de fr zh',
    "heed run runs/video frames --ask 'which frame'",
  ],
  runs: 'on its backend',
  load: async () => (await import('./run.js')).run,
  loadSharded: async () => (await import('./run-in-shards.js')).runInShards,
});
