import { HeedError } from '@heed/core';
import type { Task } from './dataset.js';
import { g2p } from './g2p.js';

/** Every task by name. */
export const tasks: Readonly<Record<string, Task>> = { g2p };

/** @throws HeedError UNKNOWN_NAME, with the names there are */
export function findTask(name: string): Task {
  if (!Object.hasOwn(tasks, name)) {
    throw new HeedError('UNKNOWN_NAME', {
      message: `there is no task ${JSON.stringify(name)}`,
      hint: `tasks are: ${Object.keys(tasks).join(', ')}`,
      details: { name, known: Object.keys(tasks) },
    });
  }
  return tasks[name]!;
}
