import { HeedError } from '@heed/core';
import { decodePicture, type Picture } from '@heed/pictures';
import type { Host } from './host.js';
import { ofFile } from './io/of-file.js';

type Files = Pick<Host, 'filesIn' | 'readFile'>;

/** Most bytes of a picture's file. */
const LARGEST = 2 ** 28;

const PICTURE = /\.(?:png|jpe?g|webp)$/i;

// By numbers in names, so that frame10.png comes after frame9.png.
const { compare } = new Intl.Collator('en', { numeric: true });

/**
 * Pictures at a path: of a file the one that it holds, of a folder the frames that its PNG, JPEG and WebP files hold, in the order of their names.
 *
 * @param most  greatest number of pictures that are wanted; of more nothing is read
 * @throws HeedError FILE_ACCESS, FILE_TOO_LARGE, INVALID_ARGUMENT for a folder without pictures or with too many, and what the decoder says of a damaged file
 */
export async function picturesAt(host: Files, path: string, most: number): Promise<readonly Picture[]> {
  const pictures: Picture[] = [];
  for (const file of await pictureFiles(host, path, most)) pictures.push(await pictureIn(host, file));
  return pictures;
}

/**
 * The files of these pictures, of which nothing is read.
 *
 * @throws HeedError FILE_ACCESS, INVALID_ARGUMENT for a folder without pictures or with too many
 */
export async function pictureFiles(
  host: Pick<Host, 'filesIn'>,
  path: string,
  most: number,
): Promise<readonly string[]> {
  const names = most > 1 ? await host.filesIn(path) : undefined;
  if (names === undefined) return [path];
  const frames = names.filter((name) => PICTURE.test(name)).toSorted(compare);
  if (frames.length === 0 || frames.length > most) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${path} has ${frames.length === 0 ? 'no pictures' : `${frames.length} pictures`}`,
      hint: `a folder of 1 to ${most} PNG, JPEG or WebP files, which are the frames in the order of their names`,
      details: { path, pictures: frames.length, most },
    });
  }
  return frames.map((name) => `${path.replace(/[/\\]+$/, '')}/${name}`);
}

async function pictureIn(host: Files, path: string): Promise<Picture> {
  const bytes = await host.readFile(path, LARGEST);
  return ofFile(path, () => decodePicture(bytes));
}
