import { HeedError } from '@heed/base';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, isPickleName, openSafetensors, PICKLE_HINT } from './index.js';

/** Beginnings of files that `torch.save` wrote: a zip archive, and the pickle of before 1.6. */
const PICKLED = {
  zip: [0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0, 0, 0],
  pickle: [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20],
};

describe.each(Object.entries(PICKLED))('a file of torch.save, a %s', (_, numbers) => {
  const bytes = Uint8Array.from(numbers);

  it('is refused with how to convert it', async () => {
    const refused = expect.objectContaining({ code: 'FILE_INVALID', hint: PICKLE_HINT });
    expect(() => decodeSafetensors(bytes)).toThrow(refused);
    const source = { size: bytes.length, read: async (start: number, end: number) => bytes.slice(start, end) };
    await expect(openSafetensors(source)).rejects.toThrow(refused);
  });
});

it('another file that is none is not said to be pickled', () => {
  try {
    decodeSafetensors(new Uint8Array(20).fill(255));
    expect.unreachable();
  } catch (error) {
    expect(HeedError.isInstance(error, 'FILE_INVALID') && error.hint).not.toBe(PICKLE_HINT);
  }
});

it('names of pickled weights', () => {
  expect(['pytorch_model.bin', 'model.pt', 'best.ckpt'].every(isPickleName)).toBe(true);
  expect(['model.safetensors', 'config.json', 'bin'].some(isPickleName)).toBe(false);
});
