import { mkdir, open, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeedError } from '@heed/base';
import type { ByteSource } from '@heed/formats';
import { checkPretrained, type CheckPretrainedOptions, type PretrainedReport } from './check/check-pretrained.js';
import type { PretrainedFiles } from './files/pretrained-files.js';
import { loadPretrained, type LoadPretrainedOptions } from './load-pretrained.js';
import type { PretrainedModel } from './model.js';

/**
 * The model of a folder.
 *
 * @throws HeedError FILE_ACCESS for what can't be read, and as `loadPretrained`
 */
export async function loadPretrainedFolder(
  path: string,
  options: LoadPretrainedOptions = {},
): Promise<PretrainedModel> {
  return loadPretrained(await filesOf(path), options);
}

/**
 * Writes the files of a model, or of an adapter, into a folder, which is made where there is none; files of the same names are replaced, each
 * once it is written whole.
 *
 * @throws HeedError FILE_ACCESS, and as `save`
 */
export async function savePretrainedFolder(
  model: { save(): Promise<Readonly<Record<string, Uint8Array>>> },
  path: string,
): Promise<void> {
  const files = await model.save();
  await reach(path, () => mkdir(path, { recursive: true }), 'written');
  for (const [name, bytes] of Object.entries(files)) {
    const file = join(path, name);
    const write = async (): Promise<void> => {
      await writeFile(`${file}.part`, bytes);
      await rename(`${file}.part`, file);
    };
    await reach(file, write, 'written');
  }
}

/**
 * How a folder agrees with the numbers in its `expected.json`.
 *
 * @throws HeedError as `checkPretrained`
 */
export function checkPretrainedFolder(path: string, options: CheckPretrainedOptions = {}): Promise<PretrainedReport> {
  return checkPretrained((inside) => filesOf(join(path, inside)), options);
}

/**
 * The files of a folder, which are read part by part when something asks for them.
 *
 * @throws HeedError FILE_ACCESS
 */
export async function filesOf(path: string): Promise<PretrainedFiles> {
  const entries = await reach(path, () => readdir(path, { withFileTypes: true }));
  const files: Record<string, ByteSource> = {};
  // Weights in caches are links to files.
  for (const entry of entries.filter((entry) => !entry.isDirectory())) {
    const file = join(path, entry.name);
    const { size } = await reach(file, () => stat(file));
    files[entry.name] = { size, read: (start, end) => reach(file, () => readPart(file, start, end)) };
  }
  return files;
}

async function readPart(path: string, start: number, end: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(end - start);
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function reach<Result>(path: string, access: () => Promise<Result>, done = 'read'): Promise<Result> {
  try {
    return await access();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeedError('FILE_ACCESS', { message: `${path} can't be ${done}: ${reason}`, cause });
  }
}
