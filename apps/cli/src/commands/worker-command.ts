import { defineCommand } from '../command.js';
import { flag, type FlagsOf } from '../flag.js';
import { seconds, wholeNumber } from '../flag-values.js';
import { QUEUE_FLAGS } from '../queue/queue-flags.js';
import { COMMON_FLAGS, UNUSED_BACKEND, UNUSED_SEED } from '../shared-flags.js';

const { redis, queue } = QUEUE_FLAGS;

const FLAGS = {
  redis: {
    ...redis,
    about: 'where the queue is, on Redis or Valkey: redis://host:6379 (needs npm install bullmq ioredis)',
  },
  queue,
  workers: flag('<number>', 'jobs at a time (default: one for each processor)', wholeNumber({ least: 1, most: 1024 })),
  folder: flag('<path...>', 'where jobs may keep results, beside the working folder: folders, s3://bucket/prefix'),
  idle: flag('<time>', 'end after so long without a job: 90s, 10m (default: never)', seconds),
  patience: flag('<time>', 'give the job of a worker that is silent for so long to another', seconds, 30),
  ...UNUSED_SEED,
  ...UNUSED_BACKEND,
  ...COMMON_FLAGS,
};

export type WorkerFlags = FlagsOf<typeof FLAGS>;

export const WORKER = defineCommand({
  usage: 'worker',
  about:
    'Do the jobs of a queue, such as the trainings of a sweep: on any number of machines that share a folder or store.\n' +
    'Ctrl-C saves what is under way and puts it back, for others to go on with.',
  flags: FLAGS,
  examples: [
    'heed worker --redis redis://host:6379 --folder /shared',
    'HEED_REDIS=redis://host:6379 heed worker --idle 10m',
  ],
  runs: 'here',
  load: async () => (await import('./worker.js')).worker,
});
