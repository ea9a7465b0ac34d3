import { HeedError } from '@heed/core';

/** @throws HeedError INVALID_ARGUMENT for a beginning of more than so many characters */
export function assertLength(task: string, { length }: string, most: number): void {
  if (length <= most) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${task}: the text has ${length} characters`,
    hint: `at most ${most.toLocaleString('en')}`,
    details: { length, most },
  });
}
