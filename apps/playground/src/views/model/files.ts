import { HeedError } from '@heed/base';
import type { GivenFile } from '../../parts/dropped-files.js';

/** Greatest size of a file that the page reads, in bytes. */
const LARGEST = 300 * 2 ** 20;
/** Name of a file that is left out, since it is large and not needed here. */
const IGNORED = 'training.safetensors';

/**
 * Reads files: contents by name.
 *
 * @throws HeedError FILE_TOO_LARGE before the file is read, FILE_ACCESS, FILE_INVALID for two files of one name
 */
export async function filesOf(given: readonly GivenFile[]): Promise<Readonly<Record<string, Uint8Array>>> {
  const wanted = given.map(({ file }) => file).filter(({ name }) => name !== IGNORED);
  const names = wanted.map(({ name }) => name);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined) {
    throw new HeedError('FILE_INVALID', {
      message: `there are several files called ${twice}`,
      hint: 'give the files of one model',
      details: { file: twice },
    });
  }
  return Object.fromEntries(await Promise.all(wanted.map(async (file) => [file.name, await contentOf(file)] as const)));
}

async function contentOf(file: File): Promise<Uint8Array> {
  const { name, size } = file;
  if (size > LARGEST) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `${name} has ${size} bytes, the limit is ${LARGEST}`,
      details: { file: name, size, maxBytes: LARGEST },
    });
  }
  const content = await file.arrayBuffer().catch((cause: unknown) => {
    throw new HeedError('FILE_ACCESS', {
      message: `${name} can't be read: ${String(cause)}`,
      hint: 'a folder is no file; take the files in it',
      details: { file: name },
      cause,
    });
  });
  return new Uint8Array(content);
}
