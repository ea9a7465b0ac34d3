import { existsSync, readdirSync } from 'node:fs';

/** The first of them that is there; one that the reader named counts alone. */
export function firstOf(variable: string, places: readonly string[]): string | undefined {
  const named = process.env[variable];
  return (named === undefined ? places : [named]).find((place) => existsSync(place));
}

/** In the folders of libraries of every architecture. */
export function inLibraries(path: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/usr/lib', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `/usr/lib/${name}/${path}`);
}
