import { HeedError } from '@heed/base';

/** @throws HeedError INVALID_ARGUMENT for an option that is no whole number of the range */
export function assertWhole(what: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what} is ${value}`,
    hint: `a whole number from ${least} to ${most.toLocaleString('en')}`,
  });
}

/** @throws HeedError INVALID_ARGUMENT for a typed text of more than so many characters */
export function assertLength(task: string, text: string, most: number, hint: string): void {
  if (text.length <= most) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${task}: the text has ${text.length} characters`,
    hint,
    details: { length: text.length, most },
  });
}
