// The packages that are published: every workspace package that isn't private.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './steps.mjs';

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
