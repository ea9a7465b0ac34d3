import { HeedError } from '@heed/base';

/**
 * Refuses an option that isn't a whole number from `least` to `most`.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function assertWhole(what: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what} is ${value}`,
    hint: `a whole number from ${least} to ${most.toLocaleString('en')}`,
  });
}

/**
 * Refuses a typed text of more than `most` characters.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function assertLength(task: string, text: string, most: number, hint: string): void {
  if (text.length <= most) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${task}: the text has ${text.length} characters`,
    hint,
    details: { length: text.length, most },
  });
}
