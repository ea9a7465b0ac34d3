import { HeedError } from '@heed/core';
import { describe, expect, test } from 'vitest';
import { describeError } from '../io/errors.js';
import { UsageError } from '../usage-error.js';
import { answer, decode, encode, settle } from './message.js';

const sent = (value: unknown): unknown => decode(encode(value));

describe('what crosses between Node and a page', () => {
  test('is the same on the other side', () => {
    const numbers = Float32Array.of(1, NaN, -Infinity, 0.1).subarray(1);
    const message = {
      numbers,
      bytes: Uint8Array.of(0, 255),
      list: [undefined, NaN, -0, Infinity, 'text'],
      nothing: null,
    };
    expect(sent(message)).toEqual(message);
    expect((sent(numbers) as Float32Array).length).toBe(3);
  });

  test('an error keeps its kind, its words and where it came from', async () => {
    const errors = [
      new UsageError('that is wrong', 'do this'),
      new HeedError('FILE_ACCESS', { message: 'no file', hint: 'look', details: { path: 'a' } }),
      new HeedError('NOT_FINITE', { message: 'NaN' }),
      new TypeError('x is not a function'),
    ];
    for (const error of errors) {
      const arrived = await answer(() => {
        throw error;
      }).then((text) => {
        try {
          return settle(text);
        } catch (thrown) {
          return thrown;
        }
      });
      expect(describeError(arrived)).toEqual(describeError(error));
      expect((arrived as Error).message).toBe(error.message);
      expect((arrived as Error).stack).toBe(error.stack);
    }
  });

  test('what a call returns is returned, also an error that was not thrown', async () => {
    expect(settle(await answer(async () => 7))).toBe(7);
    expect(settle(await answer(() => undefined))).toBe(undefined);
    expect(settle(await answer(() => new Error('kept')))).toEqual(new Error('kept'));
  });
});
