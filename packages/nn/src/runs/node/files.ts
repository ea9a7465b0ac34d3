import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { HeedError } from '@heed/core';

/**
 * Puts a file in place as a whole: written beside it, made durable, then renamed over it. A kill at any moment leaves the
 * old file or the new one.
 *
 * @throws HeedError FILE_ACCESS
 */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `${temporaryPrefix(path)}${randomBytes(6).toString('hex')}`);
  await guarded(`write ${path}`, async () => {
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(path));
  });
}

/** @throws HeedError FILE_ACCESS, FILE_TOO_LARGE (before it is read) */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  return guarded(`read ${path}`, async () => {
    // What is no file may have no end, and opening a pipe waits for a writer.
    if (!(await stat(path)).isFile()) {
      throw new HeedError('FILE_ACCESS', { message: `can't read ${path}: it is not a file`, details: { path } });
    }
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxBytes) {
        throw new HeedError('FILE_TOO_LARGE', {
          message: `${path} has ${size} bytes, the limit is ${maxBytes}`,
          details: { path, size, maxBytes },
        });
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  });
}

/** @throws HeedError FILE_ACCESS */
export async function makeFolder(path: string): Promise<void> {
  await guarded(`make the folder ${path}`, () => makeWithParents(resolve(path)));
}

/** Node's own recursive `mkdir` never comes back where a parent refuses with ENOENT, as /proc does. */
async function makeWithParents(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' && !(await isFolder(dirname(path)))) {
      await makeWithParents(dirname(path));
      await mkdir(path);
    } else if (!(error.code === 'EEXIST' && (await isFolder(path)))) {
      throw error;
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

export async function exists(path: string): Promise<boolean> {
  return guarded(`look for ${path}`, async () => {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return false;
      throw error;
    }
  });
}

/** Removes what killed writes of these files of a folder left behind. */
export async function removeTemporaries(folder: string, files: readonly string[]): Promise<void> {
  const names = await guarded(`read the folder ${folder}`, () => readdir(folder));
  const left = names.filter((name) => files.some((file) => name.startsWith(temporaryPrefix(file))));
  for (const name of left) await removeFile(join(folder, name));
}

const temporaryPrefix = (path: string): string => `.${basename(path)}.tmp-`;

/** @throws HeedError FILE_ACCESS */
export async function removeFile(path: string): Promise<void> {
  await guarded(`remove ${path}`, () => rm(path, { force: true }));
}

/** A rename is durable once the folder is; where folders can't be synced (Windows), the system sees to it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** What the system refuses, told as a HeedError FILE_ACCESS; `what` goes on after "can't". */
export async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new HeedError('FILE_ACCESS', {
      message: `can't ${what}: ${cause.message}`,
      hint: cause.code === 'ENOENT' ? 'check the path' : 'check that the folder exists, is writable and has room',
      details: { code: cause.code },
      cause,
    });
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error;
