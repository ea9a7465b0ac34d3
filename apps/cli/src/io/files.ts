import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { HeedError } from '@heed/base';

/** The whole file, or all that a pipe gives; see `Host.readFile`. */
export async function readBytes(path: string, maxBytes = MOST_BYTES): Promise<Uint8Array> {
  try {
    // Not opened by its name: standard input may be a socket, which has none.
    if (path === '-' || path === '/dev/stdin') return await readAll(process.stdin, STANDARD_INPUT, maxBytes);
    const info = await stat(path);
    if (info.isFIFO() || info.isCharacterDevice()) return await readAll(createReadStream(path), quote(path), maxBytes);
    if (!info.isFile()) throw new HeedError('FILE_ACCESS', { message: `${quote(path)} is not a file` });
    const file = await open(path, 'r');
    try {
      if (info.size > maxBytes) {
        throw new HeedError('FILE_TOO_LARGE', {
          message: `${quote(path)} has ${info.size} bytes, the limit is ${maxBytes}`,
        });
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw accessError('read', path === '-' ? STANDARD_INPUT : path, error);
  }
}

/** Names of the files in a folder; see `Host.filesIn`. */
export async function filesIn(path: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw accessError('read', path, error);
  }
}

/** What it is called in errors, where it has no path. */
export const STANDARD_INPUT = 'standard input';

/** What tells its length only at its end. */
async function readAll(stream: Readable, name: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new HeedError('FILE_TOO_LARGE', { message: `${name} has more than ${maxBytes} bytes, which is the limit` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Writes beside the file and renames; see `Host.writeFile`. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // what went wrong is told already
    throw accessError('write', path, error);
  }
}

/**
 * Writes a file that nothing may change any more, whole. Of several that write the same name, whoever and wherever they are, the first
 * one's stays.
 *
 * @throws HeedError FILE_ACCESS
 */
export async function writeOnce(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw accessError('write', path, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

// A quarter of what one typed array may hold; larger arrays are not a terminal's work.
const MOST_BYTES = 2 ** 30;

/** What the system said, for people; other errors as they are. */
export function accessError(action: 'read' | 'write', path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (HeedError.isInstance(error) || code === undefined) return error;
  return new HeedError('FILE_ACCESS', {
    message: `can't ${action} ${path === STANDARD_INPUT ? path : quote(path)}: ${REASONS[code] ?? code}`,
    details: { path, code },
    cause: error,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file would be larger than is allowed',
};

const quote = (path: string): string => JSON.stringify(path);
