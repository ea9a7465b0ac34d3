// `npm run pack:local [-- NAME…]`: installs, builds, and packs the named packages (`heed` by default) and what they need of
// this repository into `packed/`, from where another project installs them.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { publishedPackages } from './packages.mjs';
import { PNPM, installAndBuild, root } from './steps.mjs';

const FOLDER = join(root, 'packed');

/**
 * Packs packages, as a release would, into a new folder.
 *
 * @returns names of the tarballs
 */
export async function packInto(destination, packages) {
  await rm(destination, { recursive: true, force: true });
  await mkdir(destination, { recursive: true });
  for (const { folder } of packages) {
    const [command, ...args] = [...PNPM, 'pack', '--pack-destination', destination];
    await promisify(execFile)(command, args, { cwd: folder, shell: process.platform === 'win32' });
  }
  return (await readdir(destination)).filter((name) => name.endsWith('.tgz'));
}

/** The named packages and those of this repository that they depend on. Throws at a name that no package has. */
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

async function main() {
  const { positionals } = parseArgs({ allowPositionals: true });
  const packages = withDependencies(await publishedPackages(), positionals.length > 0 ? positionals : ['heed']);
  await installAndBuild();
  for (const tarball of await packInto(FOLDER, packages)) console.log(`  ${relative(root, join(FOLDER, tarball))}`);
  console.log(`\nIn your project:\n  npm install ${join(FOLDER, '*.tgz')}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main().catch((error) => {
    console.error(`pack:local: ${error.message}`);
    process.exitCode = 2;
  });
}
