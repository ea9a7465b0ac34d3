import { tasks, type Task } from '@heed/tasks';
import { suggest } from './suggest.js';
import { UsageError } from './usage-error.js';

/** @throws UsageError for an unknown name */
export function taskNamed(name: string): Task {
  if (Object.hasOwn(tasks, name)) return tasks[name]!;
  throw new UsageError(`there is no task ${JSON.stringify(name)}`, suggest(name, Object.keys(tasks)));
}
