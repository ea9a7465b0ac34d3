import { HeedError, show } from '@heed/base';
import type { Shares } from '../split.js';
import { NORMAL_FORMS, type NormalForm, type OwnFiles } from './own-data.js';

/**
 * A setting that is one of a list, or undefined.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function checkOneOf<Value>(what: string, value: Value | undefined, values: readonly Value[]): Value | undefined {
  if (value === undefined || values.includes(value)) return value;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what} is ${show(value)}`,
    hint: `one of ${values.join(', ')}`,
  });
}

/** The Unicode form to bring texts into: NFC unless one is given. */
export const checkNormalForm = (task: string, form: NormalForm | undefined): NormalForm =>
  checkOneOf(`${task}: normalForm`, form, NORMAL_FORMS) ?? NORMAL_FORMS[0];

/**
 * Shares of the data that are for validation and for the test: nothing for a part that has files of its own.
 *
 * @throws HeedError INVALID_ARGUMENT for a share together with files
 */
export function checkShares(
  task: string,
  files: OwnFiles,
  { validationShare, testShare }: { readonly validationShare?: number; readonly testShare?: number },
): Shares {
  const shareOf = (part: 'validation' | 'test', share: number | undefined, usual: number): number => {
    if (files[part] === undefined) return share ?? usual;
    if (share === undefined || share === 0) return 0;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${task}: ${part}Share is ${share}, and ${part} has files of its own`,
      hint: 'give one of the two',
      details: { part, share },
    });
  };
  return { validation: shareOf('validation', validationShare, 0.05), test: shareOf('test', testShare, 0.1) };
}
