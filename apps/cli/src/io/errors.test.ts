import { HeedError, type ErrorCode } from '@heed/core';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../usage-error.js';
import { describeError, toldBy } from './errors.js';

const heedError = (code: ErrorCode): HeedError => new HeedError(code, { message: 'it broke', hint: 'mend it' });

describe('describeError', () => {
  test('gives each kind its exit code, and the hint a place of its own', () => {
    const told = { message: 'it broke', hint: 'mend it' };
    expect(describeError(heedError('FILE_INVALID'))).toEqual({ ...told, code: 'FILE_INVALID', exit: 1 });
    expect(describeError(heedError('BACKEND_UNAVAILABLE'))).toEqual({ ...told, code: 'BACKEND_UNAVAILABLE', exit: 4 });
    expect(describeError(new UsageError('it broke', 'mend it'))).toEqual({ ...told, code: 'USAGE', exit: 2 });
  });

  test('tells where the code is written about, if the error knows', () => {
    const told = { code: 'FILE_INVALID', message: 'it broke', hint: 'mend it' };
    const help = 'https://example.org/heed/errors#FILE_INVALID';
    expect(toldBy(describeError(Object.assign(heedError('FILE_INVALID'), { help })))).toEqual({ ...told, help });
    expect(toldBy(describeError(heedError('FILE_INVALID')))).toEqual(told);
  });

  test('anything else is a defect, and said to be one', () => {
    expect(describeError(new TypeError('x is not a function'))).toMatchObject({ code: 'UNEXPECTED', exit: 1 });
    expect(describeError('text')).toMatchObject({
      code: 'UNEXPECTED',
      message: 'text',
      hint: expect.stringContaining('--debug'),
    });
    expect(describeError(new Error('')).message).not.toBe('');
  });
});
