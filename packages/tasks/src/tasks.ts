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

/** Every task by name. */
export const tasks: Readonly<Record<string, Task>> = Object.fromEntries(
  // Who finds a task by name gives it what it made itself: inputs that it parsed, and models of its configuration.
  ([g2p, dates, translate, sentiment, spam, qa, generate, names] as unknown as readonly Task[]).map((task) => [
    task.name,
    task,
  ]),
);

/** @throws HeedError UNKNOWN_NAME, with the names there are */
export function findTask(name: string): Task {
  if (Object.hasOwn(tasks, name)) return tasks[name];
  throw new HeedError('UNKNOWN_NAME', {
    message: `there is no task ${JSON.stringify(name)}`,
    hint: `tasks are: ${Object.keys(tasks).join(', ')}`,
    details: { name, known: Object.keys(tasks) },
  });
}
