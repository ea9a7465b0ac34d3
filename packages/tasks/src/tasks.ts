import { HeedError } from '@heed/core';
import { dates } from './dates/dates.js';
import { g2p } from './g2p/g2p.js';
import { generate } from './generate/generate.js';
import { names } from './names/names.js';
import { qa } from './qa/qa.js';
import { sentiment } from './sentiment/sentiment.js';
import { spam } from './spam/spam.js';
import type { Task } from './task.js';
import { translate } from './translate/translate.js';

/** All tasks, by name. */
export const tasks: Readonly<Record<string, Task>> = Object.fromEntries(
  // Callers that find a task by name only hand back values that this task made: its inputs, and models of its configuration.
  ([g2p, dates, translate, sentiment, spam, qa, generate, names] as unknown as readonly Task[]).map((task) => [
    task.name,
    task,
  ]),
);

/**
 * The task of a name.
 *
 * @throws HeedError UNKNOWN_NAME, which lists the known names
 */
export function findTask(name: string): Task {
  if (Object.hasOwn(tasks, name)) return tasks[name];
  throw new HeedError('UNKNOWN_NAME', {
    message: `there is no task ${JSON.stringify(name)}`,
    hint: `tasks are: ${Object.keys(tasks).join(', ')}`,
    details: { name, known: Object.keys(tasks) },
  });
}
