import { HeedError } from '@heed/base';

/**
 * Refuses a prompt of more than `most` characters.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function assertLength(task: string, { length }: string, most: number): void {
  if (length <= most) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${task}: the text has ${length} characters`,
    hint: `at most ${most.toLocaleString('en')}`,
    details: { length, most },
  });
}
