import { mkdir, readdir } from 'node:fs/promises';
import { accessError } from '../io/files.js';
import { shellQuote } from '../io/shell-quote.js';
import { UsageError } from '../usage-error.js';

/**
 * Makes a folder for files, which has none yet unless they may be replaced.
 *
 * @throws UsageError for a folder that has files; HeedError FILE_ACCESS
 */
export async function newFolder(path: string, overwrite: boolean): Promise<void> {
  let held: readonly string[];
  try {
    await mkdir(path, { recursive: true });
    held = await readdir(path);
  } catch (error) {
    throw accessError('write', path, error);
  }
  if (held.length === 0 || overwrite) return;
  throw new UsageError(
    `${shellQuote(path)} has files already`,
    '--overwrite writes among them, --out FOLDER writes elsewhere',
  );
}
