import { existsSync, readdirSync } from 'node:fs';

/** First of the paths that exists; a path in the environment variable is the only one that counts. */
export function firstOf(variable: string, paths: readonly string[]): string | undefined {
  const named = process.env[variable];
  return (named === undefined ? paths : [named]).find((path) => existsSync(path));
}

/** Paths of a file in the library folders of all architectures. */
export function inLibraries(path: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/usr/lib', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `/usr/lib/${name}/${path}`);
}
