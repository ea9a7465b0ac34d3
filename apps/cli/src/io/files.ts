import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { HeedError } from '@heed/core/errors';

/** The whole file; see `Host.readFile`. */
export async function readBytes(path: string, maxBytes = MOST_BYTES): Promise<Uint8Array> {
  try {
    const info = await stat(path);
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
    throw accessError('read', path, error);
  }
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

// A quarter of what one typed array may hold; larger arrays are not a terminal's work.
const MOST_BYTES = 2 ** 30;

/** What the system said, for people; other errors as they are. */
export function accessError(action: 'read' | 'write', path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (HeedError.isInstance(error) || code === undefined) return error;
  return new HeedError('FILE_ACCESS', {
    message: `can't ${action} ${quote(path)}: ${REASONS[code] ?? code}`,
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
};

const quote = (path: string): string => JSON.stringify(path);
