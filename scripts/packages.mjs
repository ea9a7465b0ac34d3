// The packages that are published: every workspace package that isn't private.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './steps.mjs';

/**
 * A package that is published, with what is read of its package.json.
 * @typedef {{
 *   name: string,
 *   version: string,
 *   private?: boolean,
 *   bin?: Record<string, string>,
 *   exports: Record<string, unknown>,
 *   dependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>,
 * }} Manifest
 * @typedef {{ folder: string, manifest: Manifest }} Published
 */

/** @returns {Promise<Published[]>} */
export async function publishedPackages() {
  const folders = [];
  for (const parent of ['packages', 'apps']) {
    for (const name of await readdir(join(root, parent))) folders.push(join(root, parent, name));
  }
  const packages = await Promise.all(
    folders.map(async (folder) => ({
      folder,
      manifest: JSON.parse(await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{"private":true}')),
    })),
  );
  return packages.filter(({ manifest }) => !manifest.private);
}

/**
 * The named packages and those of this repository that they depend on. Throws at a name that no package has.
 *
 * @template {Published} T
 * @param {readonly T[]} packages
 * @param {readonly string[]} names
 * @returns {T[]}
 */
export function withDependencies(packages, names) {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const chosen = new Set();
  const choose = (name) => {
    if (chosen.has(byName.get(name))) return;
    chosen.add(byName.get(name));
    for (const needed of Object.keys(byName.get(name).manifest.dependencies ?? {})) {
      if (byName.has(needed)) choose(needed);
    }
  };
  for (const name of names) {
    if (!byName.has(name)) throw new Error(`there is no package '${name}'; there are ${[...byName.keys()].join(', ')}`);
    choose(name);
  }
  return [...chosen];
}
