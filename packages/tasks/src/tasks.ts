import { checkName } from '@heed/base';
import { caption } from './caption/caption.js';
import { dates } from './dates/dates.js';
import { g2p } from './g2p/g2p.js';
import { generate } from './generate/generate.js';
import { names } from './names/names.js';
import { qa } from './qa/qa.js';
import { sentiment } from './sentiment/sentiment.js';
import { spam } from './spam/spam.js';
import type { Task } from './task.js';
import { translate } from './translate/translate.js';
import { video } from './video/video.js';

// Callers that find a task by name only hand back values that this task made: its inputs, and models of its configuration.
const ALL: readonly Task[] = [g2p, dates, translate, sentiment, spam, qa, generate, names, caption, video];

/** All tasks, by name. */
export const tasks: Readonly<Record<string, Task>> = Object.fromEntries(ALL.map((task) => [task.name, task]));

/**
 * The task of a name.
 *
 * @throws HeedError UNKNOWN_NAME, with the nearest name and all there are
 */
export function findTask(name: string): Task {
  return tasks[checkName('task', name, Object.keys(tasks))];
}
