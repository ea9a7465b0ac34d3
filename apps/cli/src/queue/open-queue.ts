import type { Host } from '../host.js';
import type { Job, JobKind } from '../jobs/job.js';
import { JobQueue } from './job-queue.js';
import type { QueueFlags } from './queue-flags.js';
import { awayInWords } from './words.js';

/**
 * The queue that flags name; undefined where they name none.
 *
 * @throws UsageError, HeedError QUEUE_UNAVAILABLE
 */
export async function openQueue<J extends Job>(
  { output }: Host,
  { redis, queue }: QueueFlags,
  kind: JobKind<J>,
): Promise<JobQueue<J> | undefined> {
  if (redis === undefined) return undefined;
  return JobQueue.open({ url: redis, name: queue, onAway: (isAway) => output.note(awayInWords(isAway)) }, kind);
}
