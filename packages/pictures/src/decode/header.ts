import type { Format } from './file-error.js';

/** What a file says of its picture before anything is decoded. */
export interface Header {
  readonly format: Format;
  /** Size as stored: sides are exchanged where the orientation turns the picture by a quarter. */
  readonly width: number;
  readonly height: number;
  /** Exif's orientation, 1 to 8; 1 is upright. */
  readonly orientation: number;
}

/** The numbers of a file. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Text of four bytes, as names of chunks are. */
export const nameAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
