import { defineCommand } from '../command.js';
import { flag, toggle, turnsOff, type FlagsOf } from '../flag.js';
import { number, seconds, wholeNumber } from '../flag-values.js';
import { FILE_FLAGS, SETTING_FLAGS } from '../own/own-flags.js';
import { BACKEND_FLAGS, COMMON_FLAGS, attention, seed } from '../shared-flags.js';

const FLAGS = {
  out: flag('<folder>', 'folder of the run (default: runs/<task>)'),
  preset: flag('<name>', 'a setting of the task’s, see heed tasks (default: its first)'),
  attention: attention('of a recurrent model or captioner'),
  from: flag(
    '<folder>',
    'train a pretrained model on, of a folder of Hugging Face: of texts with labels, or of plain text',
  ),
  lora: flag(
    '<rank>',
    'with --from: train an adapter of this rank in place of all parameters',
    wholeNumber({ least: 1, most: 4096 }),
  ),
  steps: flag('<number>', 'length of the run (default: the preset’s)', wholeNumber({ least: 1 })),
  batchSize: flag('<number>', 'examples a step (default: the preset’s)', wholeNumber({ least: 1 })),
  learningRate: flag('<number>', 'of Adam (default: the preset’s)', number({ above: 0 })),
  evaluateEvery: flag(
    '<steps>',
    'steps from one evaluation on the validation part to the next (default: the preset’s)',
    wholeNumber({ least: 1 }),
  ),
  maxTime: flag('<time>', 'stop after so long, saved: 90s, 2m, 1h30m', seconds),
  resume: toggle('go on with the run in the folder, or start it when there is none'),
  overwrite: toggle('replace the run in the folder'),
  card: turnsOff('end without calibrating the model and judging it for its card'),
  seed: seed('of the data’s split, the first parameters and all chance in training (default: 1)'),
  ...FILE_FLAGS,
  ...SETTING_FLAGS,
  ...BACKEND_FLAGS,
  ...COMMON_FLAGS,
};

export type TrainFlags = FlagsOf<typeof FLAGS>;

export const TRAIN = defineCommand({
  usage: 'train <task>',
  about:
    'Train a model on real data. Ctrl-C saves it; --resume goes on where it stopped, to the same bits.\n' +
    'A task is one of Heed’s (heed tasks), or pairs, labels, text or captions, which are learnt from files of your own.',
  flags: FLAGS,
  examples: [
    'heed train g2p --seed 7 --steps 2000 --out runs/first',
    'heed train g2p --backend webgl --resume',
    'heed train pairs --data words.tsv',
    'heed train labels --data mails.csv --columns body,kind',
    'heed train text --data stories/*.txt',
    'heed train captions --data pictures/captions.tsv',
    'heed train text --from gpt2 --data stories/*.txt --lora 8',
  ],
  runs: 'on its backend',
  load: async () => (await import('./train.js')).train,
});
