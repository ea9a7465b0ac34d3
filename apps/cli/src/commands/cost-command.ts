import { defineCommand } from '../command.js';
import { flag, type FlagsOf } from '../flag.js';
import { BACKEND_FLAGS, COMMON_FLAGS, attention, seed, size } from '../shared-flags.js';

const FLAGS = {
  preset: flag('<name>', 'of a task (default: its first)'),
  attention: attention('of a recurrent model or captioner'),
  batchSize: flag('<number>', 'examples of a task at once (default: the preset’s)', size),
  batch: flag('<number>', 'B of an op (default: 1)', size),
  heads: flag('<number>', 'H of dot-product (default: 8)', size),
  length: flag('<number>', 'T of an op, of queries and of keys (default: 256)', size),
  width: flag('<number>', 'D of dot-product, U of additive (default: 64)', size),
  rounds: flag('<number>', 'how often each is measured', size, 5),
  seed: seed('of the data’s split and the first parameters', 1),
  ...BACKEND_FLAGS,
  ...COMMON_FLAGS,
};

export type CostFlags = FlagsOf<typeof FLAGS>;

export const COST = defineCommand({
  usage: 'cost <problem>',
  about:
    'What attention adds: parameters, FLOPs and bytes by formula, time and peak memory as measured, with it and without.\n' +
    'The problem is a task (its model on a typical batch), or an op: dot-product or additive.',
  flags: FLAGS,
  examples: ['heed cost translate', 'heed cost dot-product --heads 8 --length 512 --width 64'],
  runs: 'on its backend',
  load: async () => (await import('./cost.js')).cost,
});
