import { HeedError } from '@heed/base';
import { decodeSafetensors } from '@heed/formats';
import { fetchBytes } from '../state/fetch-bytes.js';

/** Table of word vectors of the Universal Sentence Encoder Lite, made by `scripts/word-vectors.mjs`. */
export interface WordTable {
  /** Row number of each word. */
  readonly rows: ReadonlyMap<string, number>;
  readonly width: number;
  /** Numbers of all vectors, row by row, as bytes from 1 to 255 for −1 to 1. */
  readonly data: Uint8Array;
}

const MIDDLE = 128;

let loading: Promise<WordTable> | undefined;

/** The table, which is fetched when it is first needed. */
export function loadWords(signal: AbortSignal): Promise<WordTable> {
  loading ??= fetchBytes(new URL('./word-vectors.safetensors', import.meta.url), signal).then(decodeWords);
  // After an error or a stop, the next call fetches it again.
  loading.catch(() => (loading = undefined));
  return loading;
}

/**
 * Decodes the file of the table.
 *
 * @throws HeedError FILE_INVALID
 */
export function decodeWords(bytes: Uint8Array): WordTable {
  const { words, vectors } = decodeSafetensors(bytes).tensors;
  const list = words?.dtype === 'uint8' ? new TextDecoder().decode(words.data).split(' ') : [];
  const [rows, width] = vectors?.shape ?? [];
  if (vectors?.dtype !== 'uint8' || width === undefined || rows !== list.length) {
    throw new HeedError('FILE_INVALID', { message: `word vectors: ${rows} rows of ${width} for ${list.length} words` });
  }
  return { rows: new Map(list.map((word, row) => [word, row])), width, data: vectors.data };
}

/** First `width` numbers of a word's vector, scaled to length √width; undefined for a word that the table lacks. */
export function wordVector(
  { rows, width: most, data }: WordTable,
  token: string,
  width: number,
): Float32Array | undefined {
  const row = rows.get(plain(token));
  if (row === undefined || width > most) return undefined;
  const values = Float32Array.from(data.subarray(row * most, row * most + width), (byte) => byte - MIDDLE);
  const length = Math.hypot(...values);
  return length === 0 ? undefined : values.map((value) => (value / length) * Math.sqrt(width));
}

/** A token without capitals and surrounding punctuation: "Cat," is the word cat. */
const plain = (token: string): string => token.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
