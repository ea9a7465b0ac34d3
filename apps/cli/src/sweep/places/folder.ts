import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { accessError, readBytes, writeOnce, writeWhole } from '../../io/files.js';
import { RUN_INFO, type Place } from './place.js';

/** A folder, of this machine or one that machines share. Its runs lock themselves, and are trained where they are. */
export function folderPlace(path: string): Place {
  const at = (name: string): string => join(path, name);
  const runAt = (id: string): string => join(path, 'runs', id);
  return {
    path,
    async open() {
      try {
        await mkdir(at('results'), { recursive: true });
        await mkdir(at('runs'), { recursive: true });
      } catch (error) {
        throw accessError('write', path, error);
      }
    },
    read: (name, maxBytes) => readIfThere(at(name), maxBytes),
    write: (name, content) => writeWhole(at(name), content),
    writeOnce: (name, content) => writeOnce(at(name), content),
    runInfo: (id) => readIfThere(join(runAt(id), RUN_INFO), MOST_INFO),
    inRun: (id, work) => work({ folder: runAt(id), lost: NEVER, saved() {}, async settled() {} }),
  };
}

const NEVER = new AbortController().signal;
const MOST_INFO = 2 ** 24;

async function readIfThere(file: string, maxBytes: number): Promise<Uint8Array | undefined> {
  try {
    return await readBytes(file, maxBytes);
  } catch (error) {
    if ((error as { details?: { code?: string } }).details?.code === 'ENOENT') return undefined;
    throw error;
  }
}
