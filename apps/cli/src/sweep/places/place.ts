import type { Ended } from '../../jobs/job.js';

/** Where a sweep keeps what it has: a folder, or a part of an object store. Names of files in it are paths with slashes. Any number of processes may share it. */
export interface Place {
  /** Its name, for people and in jobs. */
  readonly path: string;
  /**
   * Sees to it that files can be kept there.
   *
   * @throws HeedError FILE_ACCESS
   */
  open(): Promise<void>;
  /**
   * The whole file; undefined where there is none.
   *
   * @throws HeedError FILE_ACCESS; FILE_TOO_LARGE
   */
  read(name: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Puts a file there as a whole, over one that is there. */
  write(name: string, content: string): Promise<void>;
  /** Puts a file there as a whole. Of several that write the same name, whoever and wherever they are, the first one's stays. */
  writeOnce(name: string, content: string): Promise<void>;
  /** What a run says of itself, as of its last save; undefined before the first. */
  runInfo(id: string): Promise<Uint8Array | undefined>;
  /** Has work done on a run, which is begun or gone on with, by one process at a time: it is 'held' while another is at it. */
  inRun(id: string, work: (run: RunHere) => Promise<Ended>): Promise<Ended>;
}

/** A run while this process works on it. */
export interface RunHere {
  /** The folder in which it is. */
  readonly folder: string;
  /** Aborted when another process has taken it over, as one may after this one was silent for long. */
  readonly lost: AbortSignal;
  /** The folder has a new state. */
  saved(): void;
  /** Until what the folder has is where it is kept. */
  settled(): Promise<void>;
}

/** A run's own words on itself; the last of its files to be written. */
export const RUN_INFO = 'run.json';
