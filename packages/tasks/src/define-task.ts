import { HeedError } from '@heed/core';
import type { KindName } from '@heed/seq2seq';
import type { AnswerOptions, Task } from './task.js';

/** The task, refusing options that it says it doesn't have. */
export function defineTask<K extends KindName, Input, Example extends Input>(
  task: Task<K, Input, Example>,
): Task<K, Input, Example> {
  return {
    ...task,
    async answer(model, inputs, options = {}) {
      assertOptions(task, options);
      return task.answer(model, inputs, options);
    },
  };
}

type Options = Pick<Task, 'name' | 'options'>;

function assertOptions({ name, options }: Options, { beam = 1, sampling }: AnswerOptions): void {
  if (beam !== 1 && !options.includes('beam')) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${name}: beam is ${beam}, and nothing is searched`,
      hint: options.includes('sampling') ? 'give temperature, topK, topP, length or seed instead' : 'leave it out',
      details: { beam },
    });
  }
  if (sampling !== undefined && !options.includes('sampling')) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${name}: sampling is given, and nothing is drawn at random`,
      hint: 'leave it out',
      details: { sampling },
    });
  }
}
