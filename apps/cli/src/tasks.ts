import { findTask, type Task } from '@heed/tasks';
import { ENCODER } from './encoder.js';
import { typed, UsageError } from './usage-error.js';

/** @throws UsageError for an unknown name */
export function taskNamed(name: string): Task {
  if (name === ENCODER)
    throw new UsageError(`${ENCODER} is a pretrained model, and no task`, `heed run ${ENCODER} 'a sentence'`);
  return typed(() => findTask(name));
}
