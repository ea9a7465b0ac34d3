/** Where a run keeps its files, which are named without a path. Node's is `runFolder` of '@heed/nn/node'. */
export interface RunFolder {
  /** Name of the folder for people. */
  readonly path: string;
  /** Makes the folder, and those above it, where there is none. */
  make(): Promise<void>;
  has(file: string): Promise<boolean>;
  /** @throws HeedError FILE_ACCESS; FILE_TOO_LARGE before anything is read */
  read(file: string, maxBytes: number): Promise<Uint8Array>;
  /** Replaces the file as a whole: whatever happens meanwhile, the folder holds the old one or the new one. */
  write(file: string, bytes: Uint8Array): Promise<void>;
  /** Nothing happens where there is no such file. */
  remove(file: string): Promise<void>;
  /** Removes what writes of these files that were cut off have left behind. */
  removeLeftovers(files: readonly string[]): Promise<void>;
  /**
   * Keeps other processes from training here until it is released. Not there where nobody else can write.
   *
   * @throws HeedError RUN_LOCKED when another process holds it; FILE_ACCESS
   */
  lock?(): Promise<RunLock>;
}

export interface RunLock {
  /** The process that held the folder before, and ended without releasing it. */
  readonly takenOver?: LockHolder;
  /** @throws HeedError RUN_LOCKED when another process has taken it over, as it may after this one was stopped for long */
  assertHeld(): Promise<void>;
  release(): void;
}

/** Who trains in a folder. */
export interface LockHolder {
  readonly pid: number;
  /** The name of its machine. */
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}
