import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeSafetensors, openSafetensors } from './index.js';
import { openBytes } from './node.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-formats-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('a safetensors file is read where it lies', async () => {
  const path = join(folder, 'model.safetensors');
  await writeFile(path, encodeSafetensors({ x: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } }));
  const file = await openSafetensors(await openBytes(path));
  expect((await file.read('x')).data).toEqual(Float32Array.of(1, 2));
  await truncate(path, 20); // while it is open
  await expect(file.read('x')).rejects.toMatchObject({ code: 'FILE_INVALID' });
  await rm(path);
  await expect(file.read('x')).rejects.toMatchObject({ code: 'FILE_ACCESS' });
});

it('a file that is not there', async () => {
  await expect(openBytes(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_ACCESS' });
});
