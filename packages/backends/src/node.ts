import { createRequire } from 'node:module';
import type { BackendFacts } from './backend-facts.js';

/** Versions of core and of the package that a backend comes in, as a report of conformance gives them. */
export interface InstalledVersions {
  readonly core: string;
  /** Absent for a backend that names no package. */
  readonly backend?: string;
}

/**
 * Versions that are installed where this package is: of the packages that depend on a backend, only this one is sure to find it
 * (with package managers that isolate packages, such as pnpm, nobody else can).
 */
export function installedVersions({ package: from }: Pick<BackendFacts, 'package'>): InstalledVersions {
  return { core: installed('@heed/core'), ...(from !== undefined && { backend: installed(from) }) };
}

const require = createRequire(import.meta.url);

const installed = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;
