import { HeedError } from '@heed/base';

type Files = Readonly<Record<string, Uint8Array>>;

/**
 * Files by name without folders, with the files of .zip archives instead of the archives. Sizes are checked before unpacking.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE
 */
export async function unpack(files: Files, maxBytes: number): Promise<Files> {
  const all: Record<string, Uint8Array> = {};
  for (const [name, bytes] of Object.entries(files)) {
    Object.assign(
      all,
      name.toLowerCase().endsWith('.zip') ? await unzipped(name, bytes, maxBytes) : { [baseName(name)]: bytes },
    );
  }
  return all;
}

async function unzipped(archive: string, bytes: Uint8Array, maxBytes: number): Promise<Files> {
  const { unzipSync } = await import('fflate');
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!WANTED.test(name)) return false;
        total += originalSize;
        if (total > maxBytes) throw tooLarge(archive, total, maxBytes);
        return true;
      },
    });
    return Object.fromEntries(Object.entries(files).map(([name, content]) => [baseName(name), content]));
  } catch (cause) {
    if (HeedError.isInstance(cause)) throw cause;
    throw new HeedError('FILE_INVALID', {
      message: `${archive}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'the archive is damaged, or isn’t a .zip file',
      details: { file: archive },
      cause,
    });
  }
}

const WANTED = /(?:^|\/)(?:model\.safetensors|run\.json|card\.json|calibration\.json)$/;

const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

const tooLarge = (archive: string, size: number, maxBytes: number): HeedError =>
  new HeedError('FILE_TOO_LARGE', {
    message: `${archive} holds ${size} bytes, the limit is ${maxBytes}`,
    details: { file: archive, size, maxBytes },
  });
