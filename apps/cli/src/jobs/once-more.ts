import { KILLED } from './apart.js';
import type { Executor, Job } from './job.js';

/** The same, with one more try for work whose process was killed from outside: a system that was short of memory may have it again. */
export const onceMore =
  <J extends Job>(execute: Executor<J>): Executor<J> =>
  async (job, how) => {
    const ended = await execute(job, how);
    const isKilled = ended.kind === 'failed' && ended.code === KILLED;
    return isKilled && !how.signal.aborted ? execute(job, how) : ended;
  };
