import { describe, expect, test } from 'vitest';
import { chosenFiles } from '../../parts/dropped-files.js';
import { filesOf } from './files.js';

/** A file whose properties differ from its bytes. */
const file = (name: string, changed: Partial<File>): File =>
  Object.defineProperties(
    new File(['ab'], name),
    Object.fromEntries(Object.entries(changed).map(([key, value]) => [key, { value: value as unknown }])),
  );

const unread = (): Promise<ArrayBuffer> => Promise.reject(new DOMException('not found', 'NotFoundError'));

describe('filesOf', () => {
  test('contents by name, without a training state', async () => {
    const files = [new File(['ab'], 'run.json'), file('training.safetensors', { arrayBuffer: unread })];
    expect(await filesOf(chosenFiles(files))).toEqual({ 'run.json': Uint8Array.of(97, 98) });
  });

  test('refuses two files of one name, of which only one would count', async () => {
    const files = [new File(['a'], 'run.json'), new File(['b'], 'run.json')];
    await expect(filesOf(chosenFiles(files))).rejects.toMatchObject({
      code: 'FILE_INVALID',
      details: { file: 'run.json' },
    });
  });

  test('says of a folder that it can’t be read', async () => {
    await expect(filesOf(chosenFiles([file('run', { arrayBuffer: unread })]))).rejects.toMatchObject({
      code: 'FILE_ACCESS',
      message: expect.stringContaining("run can't be read") as string,
    });
  });

  test('says of a file that it is too large, and doesn’t read it', async () => {
    const large = file('model.safetensors', { size: 2 ** 30, arrayBuffer: unread });
    await expect(filesOf(chosenFiles([large]))).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      details: { size: 2 ** 30 },
    });
  });
});
