import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { unpack } from './unpack.js';

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

describe('unpack', () => {
  test('files without folders, archives in their place, nothing else of them', async () => {
    const zip = zipSync({
      'run/model.safetensors': bytes(10),
      'run/run.json': bytes(5),
      'run/card.json': bytes(4),
      'run/calibration.json': bytes(3),
      'run/training.safetensors': bytes(9),
    });
    expect(await unpack({ 'my.ZIP': zip, 'notes/a.txt': bytes(1) }, 100)).toEqual({
      'model.safetensors': bytes(10),
      'run.json': bytes(5),
      'card.json': bytes(4),
      'calibration.json': bytes(3),
      'a.txt': bytes(1),
    });
  });

  test('an archive that says that it grows too large is refused before it does', async () => {
    const bomb = zipSync({ 'model.safetensors': bytes(1_000_000) });
    expect(bomb.length).toBeLessThan(10_000);
    await expect(unpack({ 'bomb.zip': bomb }, 999_999)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['something else', bytes(1000)],
    ['half of one', zipSync({ 'model.safetensors': bytes(10) }).slice(0, 60)],
  ])('%s is no archive', async (_, content) => {
    await expect(unpack({ 'a.zip': content }, 1000)).rejects.toMatchObject({ code: 'FILE_INVALID' });
  });
});
