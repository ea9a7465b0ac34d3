import { expect, test } from 'vitest';
import { assertFits } from './assert-fits.js';

const file = (size: number) => ({ name: 'words.tsv', size, stream: () => new ReadableStream() });

test('what needs more memory than there is, is told with the setting that gives it', () => {
  const host = { heapLimit: 4e9 };
  expect(() => assertFits(host, 'pairs', [file(3e8), file(2e8)])).not.toThrow();
  expect(() => assertFits(host, 'pairs', [file(3e8), file(3e8)])).toThrow(
    expect.objectContaining({
      code: 'FILE_TOO_LARGE',
      message: expect.stringContaining('0.6 GB of pairs need about 4.8 GB of memory, and Node may take 4.0 GB'),
      hint: expect.stringContaining('--max-old-space-size=4578'),
    }),
  );
  expect(() => assertFits(host, 'text', [file(1e9)])).not.toThrow();
  expect(() => assertFits({}, 'text', [file(1e12)])).not.toThrow();
});
