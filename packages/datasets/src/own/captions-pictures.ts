import type { Picture } from '@heed/pictures';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { SIDE } from '../caption/styles.js';
import { readPicture, type PictureFolder } from './captions-files.js';
import type { CaptionRow } from './captions-rows.js';
import type { DataFile } from './own-data.js';
import type { OwnLoadOptions } from './source-files.js';

/** A picture that a row names, the first of those that do. */
interface NamedPicture {
  readonly path: string;
  readonly place: CaptionRow['place'];
}

/** Functions that are shown each row, each picture with its sides before it is fitted, and each that looks like an earlier one. */
export interface InspectCaptions {
  caption(row: CaptionRow): void;
  picture(picture: NamedPicture & { readonly width: number; readonly height: number }): void;
  alike(picture: NamedPicture, earlier: NamedPicture): void;
}

/** Pictures that rows name, each read once, and their numbers by path. */
export async function readPictures(
  rows: readonly CaptionRow[],
  folder: PictureFolder,
  { signal, onProgress }: OwnLoadOptions,
  inspect: InspectCaptions | undefined,
): Promise<{
  readonly pictures: readonly (NamedPicture & { readonly picture: Picture; readonly key: string })[];
  readonly numbers: ReadonlyMap<string, number>;
}> {
  // A wrong path is told before any picture is decoded.
  const wanted = new Map<string, { readonly place: CaptionRow['place']; readonly file: DataFile }>();
  for (const { path, place } of rows) {
    if (!wanted.has(path)) wanted.set(path, { place, file: folder.named(path, place) });
  }
  const total = [...wanted.values()].reduce((sum, { file }) => sum + file.size, 0);
  const pictures: (NamedPicture & { readonly picture: Picture; readonly key: string })[] = [];
  const numbers = new Map<string, number>();
  let done = 0;
  for (const [path, { place, file }] of wanted) {
    signal?.throwIfAborted();
    const { bytes, picture, ...sides } = await readPicture(file, SIDE, place);
    inspect?.picture({ path, place, ...sides });
    numbers.set(path, pictures.length);
    pictures.push({ path, place, picture, key: bytesToHex(sha256(bytes)) });
    done += file.size;
    onProgress?.({ done, total });
  }
  return { pictures, numbers };
}
