import { defineCommand } from '../command.js';
import { flag, needing, toggle, type FlagsOf } from '../flag.js';
import { seconds, wholeNumber } from '../flag-values.js';
import { QUEUE_FLAGS } from '../queue/queue-flags.js';
import { COMMON_FLAGS, UNUSED_BACKEND, UNUSED_SEED } from '../shared-flags.js';

const FLAGS = {
  out: flag(
    '<folder>',
    'folder of results and runs (default: sweeps/<name of the file>), or s3://bucket/prefix (needs npm install @aws-sdk/client-s3)',
  ),
  workers: flag(
    '<number>',
    'trainings at a time on this machine (default: one for each processor)',
    wholeNumber({ least: 1, most: 1024 }),
  ),
  maxTime: flag('<time>', 'stop after so long, all saved: 90s, 2m, 1h30m (default: the file’s)', seconds),
  index: flag('<number>', 'with --count: which share of the trainings is done here, from 0', wholeNumber()),
  count: flag('<number>', 'with --index: into how many shares they are divided', wholeNumber({ least: 1 })),
  ...QUEUE_FLAGS,
  status: toggle('only tell where it stands: what is done, the best so far, time taken and left'),
  watch: needing('status', toggle('look again and again, until all is trained')),
  report: flag('<file>', 'write a page with means and intervals, learning curves, parallel coordinates'),
  ...UNUSED_SEED,
  ...UNUSED_BACKEND,
  ...COMMON_FLAGS,
};

export type SweepFlags = FlagsOf<typeof FLAGS>;

export const SWEEP = defineCommand({
  usage: 'sweep <file>',
  about:
    'Train a task with many settings and seeds, and say which are best.\n' +
    'The same command goes on where it was stopped, and trains nothing twice, on one machine or on several that share a folder or store.',
  flags: FLAGS,
  notes: `The file's default export says which trainings there are:
  export default {
    task: 'g2p',
    settings: { steps: 400 },
    grid: { attention: ['additive', 'general'], learningRate: [0.003, 0.01] },
    seeds: [1, 2, 3],
    minimise: 'tokenErrorRate',
  };
Trainings that fall behind end early with  halving: { steps: [100, 300] }  or,
by the rule of the median, with  median: { after: 100 }.`,
  examples: [
    'heed sweep sweep.ts',
    'heed sweep sweep.ts --status --watch',
    'heed sweep sweep.ts --report report.html',
    'heed sweep sweep.ts --out /shared/sweep --redis redis://host:6379',
    'heed sweep sweep.ts --out s3://bucket/sweep',
    'heed sweep sweep.ts --index $SLURM_ARRAY_TASK_ID --count 8',
  ],
  runs: 'here',
  load: async () => (await import('./sweep.js')).sweep,
});
