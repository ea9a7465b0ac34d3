import type { Picture } from '../picture.js';
import type { Format } from './file-error.js';
import type { Header } from './header.js';

/** How files of one format are read: their header first, so that nothing is decoded that is too large or of a kind that isn't read. */
export interface Decoder<File = unknown> {
  readonly format: Format;
  /** Whether a file begins as those of the format do. */
  isIts(bytes: Uint8Array): boolean;
  /** Parts of a file that are found without decoding, in time and memory of its own length. */
  read(bytes: Uint8Array): File;
  headerOf(file: File): Header;
  /** Pixels as stored, after the size has been checked. */
  decode(file: File, bytes: Uint8Array): Promise<Picture>;
}

/** A decoder whose kind of file only it needs to know. */
export const decoder = <File>(its: Decoder<File>): Decoder => its as Decoder;
