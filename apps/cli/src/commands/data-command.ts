import { defineCommand } from '../command.js';
import { flag, type FlagsOf } from '../flag.js';
import { COMMON_FLAGS, UNUSED_BACKEND, seed } from '../shared-flags.js';
import { FILE_FLAGS, SETTING_FLAGS } from '../own/own-flags.js';

const { validation, test } = FILE_FLAGS;

const FLAGS = {
  as: flag('<kind>', 'what files of your own hold: pairs, labels, text or captions (default: as it looks)'),
  validation,
  test,
  ...SETTING_FLAGS,
  seed: seed('of the split', 1),
  ...UNUSED_BACKEND,
  ...COMMON_FLAGS,
};

export type DataFlags = FlagsOf<typeof FLAGS>;

export const DATA = defineCommand({
  usage: 'data [what...]',
  about:
    'What a task’s data is, or what files of your own hold: source, licence, counts, and how it is cleaned and split.\n' +
    'Nothing is trained; flags are those of heed train.',
  flags: FLAGS,
  examples: ['heed data g2p', 'heed data words.tsv --units characters,words', 'heed data mails.csv --as labels'],
  runs: 'here',
  load: async () => (await import('./data.js')).data,
});
