import type { SweepFlags } from '../commands/sweep-command.js';
import { UsageError } from '../usage-error.js';
import type { Sweep } from './definition.js';
import type { Job } from './plan.js';

/**
 * The part of the trainings that is done here, for machines that are only told which of how many they are: arrays of Slurm's, indexed
 * jobs of Kubernetes'. Shares are dealt out by ids, so that each has some of all settings.
 *
 * @throws UsageError
 */
export function shareOf({ index, count }: SweepFlags, { halving }: Sweep): (jobs: readonly Job[]) => readonly Job[] {
  if (index === undefined && count === undefined) return (jobs) => jobs;
  if (index === undefined || count === undefined) throw new UsageError('--index and --count go together');
  if (index >= count) throw new UsageError(`--index ${index} with --count ${count}`, `from 0 to ${count - 1}`);
  if (halving !== undefined)
    throw new UsageError(
      'halving compares all trainings, and a share has a part of them',
      'leave --index and --count out',
    );
  return (jobs) => jobs.toSorted((a, b) => (a.id < b.id ? -1 : 1)).filter((_, n) => n % count === index);
}
