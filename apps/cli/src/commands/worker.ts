import { availableParallelism } from 'node:os';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import { duration } from '../io/progress.js';
import type { Job } from '../jobs/job.js';
import { work } from '../queue/work.js';
import { awayInWords } from '../queue/words.js';
import { UsageError } from '../usage-error.js';
import type { WorkerFlags } from './worker-command.js';

export async function worker(host: Host, flags: WorkerFlags): Promise<ExitCode> {
  const { output } = host;
  const { redis, queue, workers = availableParallelism(), folder = [], idle, patience } = flags;
  if (redis === undefined) throw new UsageError('a worker needs a queue', '--redis redis://host:6379, or HEED_REDIS');
  const interrupt = host.interruptible('saving what is under way; once more ends it at once');
  const begun = new Map<Job, number>();
  let done = 0;
  try {
    const why = await work(host, {
      url: redis,
      name: queue,
      workers,
      patience,
      folders: folder,
      idle,
      signal: interrupt.signal,
      onReady() {
        output.event({ event: 'start', queue, workers });
        output.note(`waiting for jobs of the queue '${queue}', ${workers} at a time`);
      },
      onAway: (isAway) => output.note(awayInWords(isAway)),
      onRefused: (why) => output.error({ ...why, exit: EXIT.failure }),
      onBegun(job) {
        begun.set(job, performance.now());
        output.event({ event: 'begun', kind: job.kind, id: job.id });
      },
      onEnded(job, ended) {
        const seconds = (performance.now() - begun.get(job)!) / 1000;
        begun.delete(job);
        if (ended.kind === 'done') done++;
        output.event({ event: 'ended', kind: job.kind, id: job.id, how: ended.kind, seconds });
        const told = ended.kind === 'failed' ? `failed: ${ended.message}` : `${ended.kind} after ${duration(seconds)}`;
        output.note(`${job.kind} ${job.id}: ${told}`);
      },
    });
    if (why !== undefined) {
      output.error({ ...why, exit: EXIT.failure });
      return EXIT.failure;
    }
    output.event({ event: 'done', jobs: done });
    return interrupt.signal.aborted ? EXIT.interrupted : EXIT.ok;
  } finally {
    interrupt.release();
  }
}
