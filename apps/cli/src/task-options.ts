import type { Task } from '@heed/tasks';
import { UsageError } from './usage-error.js';

/** @throws UsageError when the task has no such option */
export function refuseOption({ name, options }: Task, option: Task['options'][number], flag: string): void {
  if (options.includes(option)) return;
  const why = option === 'beam' ? 'search for its answers' : 'sample its answers';
  throw new UsageError(`${flag} means nothing here: ${name} doesn't ${why}`);
}
