import { HeedError } from '@heed/base';
import type { RunFolder } from '@heed/nn';

/** Folder in memory, in which a page keeps a run until it is downloaded. */
export interface MemoryFolder extends RunFolder {
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export function memoryFolder(path: string, given: Readonly<Record<string, Uint8Array>> = {}): MemoryFolder {
  const files = new Map(Object.entries(given));
  return {
    path,
    files,
    make: () => Promise.resolve(),
    has: (file) => Promise.resolve(files.has(file)),
    async read(file, maxBytes) {
      const bytes = files.get(file);
      if (bytes === undefined)
        throw new HeedError('FILE_ACCESS', { message: `there is no ${file} in ${path}`, details: { file } });
      if (bytes.length > maxBytes) {
        throw new HeedError('FILE_TOO_LARGE', {
          message: `${file} has ${bytes.length} bytes, the limit is ${maxBytes}`,
          details: { file, size: bytes.length, maxBytes },
        });
      }
      return bytes;
    },
    async write(file, bytes) {
      files.set(file, bytes);
    },
    async remove(file) {
      files.delete(file);
    },
    removeLeftovers: () => Promise.resolve(),
  };
}
