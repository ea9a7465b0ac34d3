import { HeedError } from '@heed/base';

/** Greatest size of a file that the page reads, in bytes. */
const LARGEST = 300 * 2 ** 20;
/** Name of a file that is left out, since it is large and not needed here. */
const IGNORED = 'training.safetensors';

/**
 * Reads files: contents by name.
 *
 * @throws HeedError FILE_TOO_LARGE before the file is read, FILE_ACCESS
 */
export async function filesOf(files: readonly File[]): Promise<Readonly<Record<string, Uint8Array>>> {
  const wanted = files.filter(({ name }) => name !== IGNORED);
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
