import { tasks, type Task } from '@heed/tasks';
import { ENCODER } from './encoder.js';
import { suggest } from './suggest.js';
import { UsageError } from './usage-error.js';

/** @throws UsageError for an unknown name */
export function taskNamed(name: string): Task {
  if (Object.hasOwn(tasks, name)) return tasks[name];
  if (name === ENCODER)
    throw new UsageError(`${ENCODER} is a pretrained model, and no task`, `heed run ${ENCODER} 'a sentence'`);
  throw new UsageError(`there is no task ${JSON.stringify(name)}`, suggest(name, Object.keys(tasks)));
}
