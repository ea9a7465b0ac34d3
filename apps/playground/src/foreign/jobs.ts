import type { Capabilities } from '@heed/core';
import type { SuiteProgress } from '../engine/jobs.js';

/** An ES module that somebody brings, as text: nothing of it has run. */
export interface ForeignModule {
  /** Name of the file, or address that it came from. */
  readonly name: string;
  readonly text: string;
  readonly bytes: number;
}

/** Facts about a backend that somebody brings, as it tells them: it may know names that this page doesn't. */
export interface ForeignFacts {
  readonly name: string;
  readonly engine: string;
  readonly takes: Readonly<Record<'ops' | 'masks' | 'biases' | 'normalizers' | 'options', readonly string[]>>;
  readonly capabilities: Omit<Capabilities, 'skips'> & { readonly skips: readonly string[] };
}

interface ForeignJob<Args, Report = never> {
  readonly args: Args & { readonly module: ForeignModule };
  /** Result as JSON, since its size and form are checked before the page reads it. */
  readonly result: string;
  readonly report: Report;
}

/** Jobs of the worker in the sandbox. Each loads the module, unless the worker has loaded it before. */
export interface ForeignJobs {
  /** `ForeignFacts` about the module's backend. */
  readonly inspect: ForeignJob<Record<never, never>>;
  /** `ConformanceReport` about it. */
  readonly conform: ForeignJob<{ readonly groups: readonly string[] }, SuiteProgress>;
}
