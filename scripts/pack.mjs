// Every published package as a tarball, as a release would make it: packed in one step, and shared by all who install, check or
// hand out packages.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { publishedPackages } from './packages.mjs';
import { PNPM, root } from './steps.mjs';

const KEPT = join(root, 'node_modules', '.cache', 'packed');

/**
 * The published packages, each with the path of its tarball. They must have been built; they are packed again only when a file
 * of one has changed since.
 *
 * @returns {Promise<(import('./packages.mjs').Published & { tarball: string })[]>}
 */
export async function packedPackages() {
  const packages = await publishedPackages();
  const packed = packages.map((one) => ({ ...one, tarball: join(KEPT, tarballOf(one.manifest)) }));
  if (!(await isFresh(packed))) await packInto(KEPT, packages);
  return packed;
}

/** File name of a package's tarball, as pnpm names it. */
const tarballOf = ({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

/** Packs into a folder, which takes its place when it is whole, so that nobody reads half of it. */
async function packInto(destination, packages) {
  const begun = new Date();
  const beside = `${destination}-${process.pid}`;
  await mkdir(beside, { recursive: true });
  try {
    const filters = packages.map(({ folder }) => `--filter=./${relative(root, folder).replaceAll('\\', '/')}`);
    const [command, ...args] = [...PNPM, '--recursive', ...filters, 'pack', '--pack-destination', beside];
    await promisify(execFile)(command, args, { cwd: root, shell: process.platform === 'win32', maxBuffer: 2 ** 26 });
    await utimes(beside, begun, begun); // what changes meanwhile is newer
    await rm(destination, { recursive: true, force: true });
    await rename(beside, destination);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function isFresh(packed) {
  const [kept, ...tarballs] = await Promise.all([KEPT, ...packed.map(({ tarball }) => tarball)].map(timeOf));
  if (kept === 0 || tarballs.includes(0)) return false;
  // The workspace's file has versions of what they depend on.
  const changes = [...packed.map(({ folder }) => newestIn(folder)), timeOf(join(root, 'pnpm-workspace.yaml'))];
  return (await Promise.all(changes)).every((time) => time < kept);
}

/** Time of the last change in a folder, in milliseconds; what is installed in it doesn't count. */
async function newestIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const times = entries
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => (entry.isDirectory() ? newestIn : timeOf)(join(folder, entry.name)));
  return Math.max(0, ...(await Promise.all(times)));
}

/** Time of the last change of a file or folder, in milliseconds; 0 where there is none. */
const timeOf = (path) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
