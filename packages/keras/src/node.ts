import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HeedError } from '@heed/base';
import { MOST_BYTES } from './files/read-model.js';
import type { KerasModel } from './graph/keras-model.js';
import { loadKeras, type LoadKerasOptions } from './load-keras.js';

/** Ends of the names of files that belong to a `model.json`. */
const PARTS = ['.weights.h5', '.bin'];
/** Ends of the names of files that are a whole model. */
const WHOLE = ['.keras', '.h5'];

/**
 * The model of a file or a folder: a `.keras` or `.h5` file; a `model.json`, with `model.weights.h5` or shards beside it; or a folder with
 * those.
 *
 * @throws HeedError FILE_ACCESS for what can't be read, and as `loadKeras`
 */
export async function loadKerasFile(path: string, options: LoadKerasOptions = {}): Promise<KerasModel> {
  const isFolder = (await reach(path, (at) => stat(at))).isDirectory();
  if (!isFolder && !path.endsWith('.json')) return loadKeras(await bytesOf([path], options), options);
  const folder = isFolder ? path : dirname(path);
  const names = await reach(folder, (at) => readdir(at));
  const json = isFolder ? 'model.json' : basename(path);
  const endsWith = (ends: readonly string[]) => names.filter((name) => ends.some((end) => name.endsWith(end)));
  const wanted = names.includes(json) ? [json, ...endsWith(PARTS)] : endsWith(WHOLE);
  if (wanted.length === 0 || (!names.includes(json) && wanted.length > 1)) {
    throw new HeedError('FILE_ACCESS', {
      message: `${path} has no ${json}, and ${wanted.length === 0 ? 'no' : 'more than one'} .keras or .h5 file`,
      hint: 'give the path of the file',
    });
  }
  return loadKeras(
    await bytesOf(
      wanted.map((name) => join(folder, name)),
      options,
    ),
    options,
  );
}

/** Files by their names, once their lengths are known to be allowed. */
async function bytesOf(
  paths: readonly string[],
  { maxBytes = MOST_BYTES }: LoadKerasOptions,
): Promise<Record<string, Uint8Array>> {
  let total = 0;
  for (const path of paths) total += (await reach(path, (at) => stat(at))).size;
  if (total > maxBytes) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `${paths.join(', ')}: ${total} bytes, and ${maxBytes} are allowed`,
      hint: 'give a larger maxBytes when you trust the files',
    });
  }
  const read = paths.map(
    async (path) => [basename(path), new Uint8Array(await reach(path, (at) => readFile(at)))] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

async function reach<Result>(path: string, access: (path: string) => Promise<Result>): Promise<Result> {
  try {
    return await access(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeedError('FILE_ACCESS', { message: `${path} can't be read: ${reason}`, cause });
  }
}
