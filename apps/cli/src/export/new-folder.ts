import { mkdir, readdir } from 'node:fs/promises';
import { accessError } from '../io/files.js';
import { shellQuote } from '../io/shell-quote.js';
import { UsageError } from '../usage-error.js';

/**
 * Refuses a folder that has files, before there is anything to write.
 *
 * @throws UsageError; HeedError FILE_ACCESS
 */
export async function assertNoFiles(path: string): Promise<void> {
  let held: readonly string[];
  try {
    held = await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw accessError('write', path, error);
  }
  if (held.length === 0) return;
  throw new UsageError(
    `${shellQuote(path)} has files already`,
    '--overwrite writes among them, --out FOLDER writes elsewhere',
  );
}

/** @throws HeedError FILE_ACCESS */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw accessError('write', path, error);
  }
}
