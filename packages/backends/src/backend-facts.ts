/** What is known of a backend before anything of it is loaded. */
export interface BackendFacts {
  /** The name that people choose it by. */
  readonly name: string;
  /** The npm package that it is in; absent for one that somebody brings. */
  readonly package?: string;
  /** What it is made of, in one line. */
  readonly description: string;
  /** Where it runs: 'anywhere', in Node and in pages, or in a browser's 'page' (or a worker of one) alone. */
  readonly runsIn: 'anywhere' | 'page';
  /** The npm package that brings to Node what it needs of a page; where that is installed and has a device, it runs in Node too. */
  readonly inNodeBy?: string;
  /** The settings that it takes. */
  readonly settings: SettingsTaken;
}

/** What people may set of the backends that take it; the others go without. */
export interface BackendSettings {
  /** Threads that compute, the caller's included. */
  readonly threads?: number;
  /** All threads take part in requests of any size, which is slower for small ones, and tests how work is divided. */
  readonly allThreads?: boolean;
  /** Where there is no GPU, one that is computed on the processor will do. */
  readonly software?: boolean;
}

/** Those of them that a backend takes, with what they may be. */
export interface SettingsTaken {
  readonly threads?: WholeNumberSetting;
  readonly allThreads?: SwitchSetting;
  readonly software?: SwitchSetting;
}

export interface WholeNumberSetting {
  readonly kind: 'whole number';
  readonly least: number;
  readonly most: number;
  /** What it is when nobody sets it, in words. */
  readonly otherwise: string;
}

interface SwitchSetting {
  readonly kind: 'switch';
}
