// `npm run pack:local [-- NAME…]`: installs, builds, and packs the named packages (`heed` by default) and what they need of
// this repository into `packed/`, from where another project installs them.
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { packedPackages } from './pack.mjs';
import { publishedPackages, withDependencies } from './packages.mjs';
import { installAndBuild, root } from './steps.mjs';

const FOLDER = join(root, 'packed');

try {
  const { positionals } = parseArgs({ allowPositionals: true });
  await packLocally(positionals.length > 0 ? positionals : ['heed']);
} catch (error) {
  console.error(`pack:local: ${error.message}`);
  process.exitCode = 2;
}

async function packLocally(names) {
  withDependencies(await publishedPackages(), names); // a wrong name is told before anything is built
  await installAndBuild();
  const packed = withDependencies(await packedPackages(), names);
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER);
  for (const { tarball } of packed) {
    const copy = join(FOLDER, basename(tarball));
    await copyFile(tarball, copy);
    console.log(`  ${relative(root, copy)}`);
  }
  console.log(`\nIn your project:\n  npm install ${join(FOLDER, '*.tgz')}`);
}
