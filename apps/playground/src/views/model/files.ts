import { HeedError } from '@heed/base';

/** What a page takes of what it is given. */
const LARGEST = 300 * 2 ** 20;
/** Large, and of no use here. */
const IGNORED = 'training.safetensors';

/**
 * Contents by name.
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
