import { expect, test } from 'vitest';
import { webgl } from './webgl.js';

test('webgl({ scratchByte: 1 }) is refused when it is written, and means scratchBytes', () => {
  expect(() => webgl({ scratchByte: 1 } as object)).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_OPTION', hint: expect.stringContaining("did you mean 'scratchBytes'?") }),
  );
});
