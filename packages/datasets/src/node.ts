import { readdir, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { HeedError } from '@heed/base';
import type { CaptionFiles } from './own/captions.js';
import type { DataFile } from './own/own-data.js';
import { endsWithOneOf, PICTURE_ENDINGS } from './own/picture-endings.js';

/**
 * A file on disk to read somebody's own data from. It is read as a stream, anew each time, and never as a whole.
 *
 * @throws HeedError FILE_ACCESS for a path without a file, a folder, and what can't be read; a stream that fails throws the same
 */
export async function dataFile(path: string): Promise<DataFile> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw accessError(path, cause);
  });
  if (found.isDirectory()) {
    throw new HeedError('FILE_ACCESS', {
      message: `${path} is a folder`,
      hint: 'name its files one by one',
      details: { path },
    });
  }
  return { name: basename(path), size: found.size, stream: () => streamOf(path) };
}

/**
 * Captions, and all PNG, JPEG and WebP files in their folder and the folders there, by their paths.
 *
 * @param path of the table
 * @throws HeedError FILE_ACCESS
 */
export async function captionFiles(path: string): Promise<CaptionFiles> {
  return { captions: await dataFile(path), pictures: await filesBeside(path, PICTURE_ENDINGS) };
}

/**
 * Files in the folder of another and in the folders there, sorted; the name of each is its path from that folder, with slashes. Links
 * aren't followed, so nothing out of the folder is read.
 *
 * @param path    of the other file
 * @param endings of the names that are wanted, in small letters
 * @throws HeedError FILE_ACCESS
 */
export async function filesBeside(path: string, endings: readonly string[]): Promise<DataFile[]> {
  const folder = dirname(path);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw accessError(folder, cause);
    },
  );
  const paths = entries
    .filter((entry) => entry.isFile() && endsWithOneOf(entry.name, endings))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const files: DataFile[] = [];
  for (const one of paths) {
    files.push({ ...(await dataFile(one)), name: relative(folder, one).split(sep).join('/') });
  }
  return files;
}

function streamOf(path: string): ReturnType<DataFile['stream']> {
  const stream = createReadStream(path);
  const chunks = Readable.toWeb(stream).getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { value, done } = await chunks.read().catch((cause: NodeJS.ErrnoException) => {
        throw accessError(path, cause);
      });
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value as Uint8Array<ArrayBuffer>));
    },
    cancel: () => {
      stream.destroy();
    },
  });
}

const accessError = (path: string, cause: NodeJS.ErrnoException): HeedError =>
  new HeedError('FILE_ACCESS', {
    message: `${path} can't be read: ${REASONS[cause.code ?? ''] ?? cause.message}`,
    ...(cause.code === 'ENOENT' && { hint: 'check the path, which is relative to the working folder' }),
    details: { path, code: cause.code },
    cause,
  });

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of the path is no folder',
};
