import { HeedError } from '@heed/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { fingerprint } from '../fingerprint.js';
import type { Split } from '../split.js';
import type { Reading } from './lines.js';
import type { DataFile, OwnFiles } from './own-data.js';

/** Options of loading somebody's own data. */
export interface OwnLoadOptions {
  /** Aborts the reading, with its reason. */
  readonly signal?: AbortSignal;
  /** Gets the number of bytes that have been read, of all files together, and their total. */
  onProgress?(progress: { readonly done: number; readonly total: number }): void;
}

/** Files of a dataset, with the part that each is for: files for training are also those that other parts are taken from. */
export interface SourceFile {
  readonly part: Split;
  readonly file: DataFile;
}

/** The files in their order: those of the data, then validation, then test. */
export const sourceFiles = ({ data, validation = [], test = [] }: OwnFiles): SourceFile[] => [
  ...data.map((file): SourceFile => ({ part: 'train', file })),
  ...validation.map((file): SourceFile => ({ part: 'validation', file })),
  ...test.map((file): SourceFile => ({ part: 'test', file })),
];

/**
 * Refuses files that aren't lists of files, and data without a file.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function checkFiles(what: string, { data, validation, test }: OwnFiles): void {
  for (const [name, list] of Object.entries({ data, validation, test })) {
    if (list === undefined && name !== 'data') continue;
    const ok = Array.isArray(list) && list.every((file) => typeof file?.stream === 'function');
    if (ok && list.length > 0) continue;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: ${name} ${ok ? 'has no file' : "isn't a list of files"}`,
      hint: "a File of a page, or dataFile(path) of '@heed/datasets/node'",
    });
  }
}

/** The reading of a dataset's files: their progress together, and a hash of each. */
export class FilesReading {
  readonly #files: readonly SourceFile[];
  readonly #options: OwnLoadOptions;
  readonly #total: number;
  #done = 0;
  readonly #hashes = new Map<SourceFile, ReturnType<typeof sha256.create>>();

  constructor(files: readonly SourceFile[], options: OwnLoadOptions) {
    this.#files = files;
    this.#options = options;
    this.#total = files.reduce((sum, { file }) => sum + file.size, 0);
  }

  /** How one of the files is read. It is read once, as its bytes count. */
  readingOf(file: SourceFile): Reading {
    const hash = sha256.create();
    this.#hashes.set(file, hash);
    return {
      ...(this.#options.signal && { signal: this.#options.signal }),
      onBytes: (bytes) => {
        hash.update(bytes);
        this.#done += bytes.length;
        this.#options.onProgress?.({ done: this.#done, total: this.#total });
      },
    };
  }

  /**
   * As much of the files' SHA-256 as tells two versions of them apart, whatever they are called: of one file its own, as
   * `sha256sum` prints it; of several, that of a list of their parts and hashes.
   */
  version(): string {
    const hashes = this.#files.map((file) => bytesToHex(this.#hashes.get(file)!.digest()));
    const all =
      hashes.length === 1
        ? hashes[0].slice(0, FINGERPRINT)
        : fingerprint(hashes.map((hash, n) => `${this.#files[n].part} ${hash}\n`));
    return `sha256:${all}`;
  }
}

// As many digits as `fingerprint` gives.
const FINGERPRINT = 16;
const MOST_NAMES = 4;

/** Names of files in one text; of many, the first ones and how many more there are. */
export const namesOf = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES - 1).join(', ')} and ${names.length - MOST_NAMES + 1} more`;
