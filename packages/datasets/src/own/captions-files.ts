import { HeedError, show, suggestion } from '@heed/base';
import { decodePicture, fitInto, type Picture } from '@heed/pictures';
import { fileError, placeOf, type LinePlace } from './file-error.js';
import type { DataFile } from './own-data.js';

/** Most pictures of a folder: at 64 pixels a side they take 330 MB. */
export const MOST_PICTURES = 20_000;
/** Greatest length of a picture's file, in bytes, and most pixels of it: more than any camera makes. */
const MOST_BYTES = 2 ** 26;
const MOST_PIXELS = 2 ** 26;

/**
 * Path of a picture in the folder of its captions, as a row names it: with slashes, and within the folder.
 *
 * @throws HeedError FILE_INVALID with the line
 */
export function pathInFolder(given: string, place: LinePlace): string {
  const path = given
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '');
  const isOutside = path.startsWith('/') || /^[a-z]+:/i.test(path) || path.split('/').includes('..');
  if (path === '' || isOutside) {
    throw fileError(
      place,
      path === '' ? 'no file is named' : `${show(given)} is out of the folder of the captions`,
      'name a picture beside the captions, or in a folder there: cats/1.png',
      { path: given },
    );
  }
  return path;
}

/** Pictures of a folder by their paths in it. */
export class PictureFolder {
  readonly #files: ReadonlyMap<string, DataFile>;

  /**
   * @param files of which the name is the path in the folder
   * @throws HeedError INVALID_ARGUMENT for none, for too many, and for two of one path
   */
  constructor(files: readonly DataFile[]) {
    const ok = Array.isArray(files) && files.every((file) => typeof file?.stream === 'function');
    if (!ok || files.length === 0 || files.length > MOST_PICTURES) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `loadCaptions: pictures ${ok ? `are ${files.length} files` : "aren't a list of files"}`,
        hint: `from 1 to ${MOST_PICTURES.toLocaleString('en')} PNG, JPEG or WebP files, as captionFiles(path) of '@heed/datasets/node' gives`,
      });
    }
    this.#files = new Map(files.map((file) => [file.name, file]));
    if (this.#files.size === files.length) return;
    throw new HeedError('INVALID_ARGUMENT', {
      message: 'loadCaptions: two pictures have the same path',
      hint: 'the name of each is its path in the folder',
    });
  }

  /**
   * The file of a path that a row names.
   *
   * @throws HeedError FILE_INVALID with the line
   */
  named(path: string, place: LinePlace): DataFile {
    const file = this.#files.get(path);
    if (file !== undefined) return file;
    throw fileError(
      place,
      `there is no picture ${show(path)} in the folder`,
      suggestion(path, [...this.#files.keys()].slice(0, MOST_NAMED), 'the pictures are'),
      { path },
    );
  }

  /**
   * Refuses pictures that no row names.
   *
   * @throws HeedError FILE_INVALID
   */
  assertAllNamed(captions: string, named: ReadonlySet<string>): void {
    const others = [...this.#files.keys()].filter((path) => !named.has(path));
    if (others.length === 0) return;
    const [first] = others;
    throw fileError(
      { file: captions },
      `${others.length === 1 ? 'a picture has' : `${others.length} pictures have`} no caption: ${others.slice(0, MOST_NAMED).join(', ')}`,
      `write a row for each, such as '${first}', a tab and its caption, or take it out of the folder`,
      { pictures: others.slice(0, MOST_LISTED) },
    );
  }
}

const MOST_NAMED = 5;
const MOST_LISTED = 1000;

/**
 * Bytes of a file with its width and height, and its picture, as large as fits into a square, in the middle of clear pixels.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE with the line that names it; FILE_ACCESS
 */
export async function readPicture(
  file: DataFile,
  side: number,
  place: LinePlace,
): Promise<{ readonly bytes: Uint8Array; readonly width: number; readonly height: number; readonly picture: Picture }> {
  const fail = (cause: HeedError): HeedError =>
    new HeedError(cause.code, {
      message: `${placeOf(place)}: ${file.name}: ${cause.message}`,
      details: { ...place, picture: file.name, ...cause.details },
      cause,
    });
  if (file.size > MOST_BYTES) {
    const message = `the file has ${file.size} bytes`;
    throw fail(new HeedError('FILE_TOO_LARGE', { message, hint: `at most ${MOST_BYTES}` }));
  }
  try {
    const bytes = new Uint8Array(await new Response(file.stream()).arrayBuffer());
    if (bytes.length === 0) throw new HeedError('FILE_INVALID', { message: 'the file is empty' });
    const picture = await decodePicture(bytes, { mostPixels: MOST_PIXELS });
    return { bytes, width: picture.width, height: picture.height, picture: fitInto(picture, side) };
  } catch (cause) {
    throw HeedError.isInstance(cause) && cause.code !== 'FILE_ACCESS' ? fail(cause) : cause;
  }
}
