// Every published package as a tarball, as the next release makes it: with the versions of pending changesets, packed in one step, and
// shared by all who install, check or hand out packages.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { publishedPackages } from './packages.mjs';
import { versionedCopy } from './release/versioned-copy.mjs';
import { PNPM, root } from './steps.mjs';

const KEPT = join(root, 'node_modules', '.cache', 'packed');

/** Beside the tarballs: what each package's manifest says in the release. */
const MANIFESTS = 'manifests.json';

/**
 * The published packages, each with the path of its tarball and its manifest as it is released. They must have been built; they are packed
 * again only when a file of one, or a changeset, has changed since.
 *
 * @returns {Promise<(import('./packages.mjs').Published & { tarball: string })[]>}
 */
export async function packedPackages() {
  const packages = await publishedPackages();
  return (await keptSince(await lastChange(packages), packages)) ?? (await packAnew(packages));
}

/** File name of a package's tarball, as pnpm names it. */
const tarballOf = ({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

/** What was packed after the last change; undefined where nothing was, or not all. */
async function keptSince(change, packages) {
  const manifests = await readFile(join(KEPT, MANIFESTS), 'utf8').then(JSON.parse, () => ({}));
  if (packages.some(({ manifest }) => manifests[manifest.name] === undefined)) return undefined;
  const packed = packages.map(({ folder, manifest }) => keptOf(folder, manifests[manifest.name]));
  const times = await Promise.all([KEPT, ...packed.map(({ tarball }) => tarball)].map(timeOf));
  return times.includes(0) || times[0] <= change ? undefined : packed;
}

const keptOf = (folder, manifest) => ({ folder, manifest, tarball: join(KEPT, tarballOf(manifest)) });

/** Packs into a folder, which takes its place when it is whole, so that nobody reads half of it. */
async function packAnew(packages) {
  const begun = new Date();
  const beside = `${KEPT}-${process.pid}`;
  const copy = await mkdtemp(join(tmpdir(), 'heed-release-'));
  try {
    await mkdir(beside, { recursive: true });
    await versionedCopy(copy, packages);
    const folders = packages.map(({ folder }) => relative(root, folder).replaceAll('\\', '/'));
    const filters = folders.map((folder) => `--filter=./${folder}`);
    const [command, ...args] = [...PNPM, '--recursive', ...filters, 'pack', '--pack-destination', beside];
    await promisify(execFile)(command, args, { cwd: copy, shell: process.platform === 'win32', maxBuffer: 2 ** 26 });
    const released = await Promise.all(
      folders.map(async (folder) => JSON.parse(await readFile(join(copy, folder, 'package.json'), 'utf8'))),
    );
    await writeFile(
      join(beside, MANIFESTS),
      JSON.stringify(Object.fromEntries(released.map((one) => [one.name, one]))),
    );
    await utimes(beside, begun, begun); // what changes meanwhile is newer
    await rm(KEPT, { recursive: true, force: true });
    await rename(beside, KEPT);
    return packages.map(({ folder }, n) => keptOf(folder, released[n]));
  } finally {
    await Promise.all([beside, copy].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** Time of the last change of what is packed: packages, the versions of what they depend on, what they are released as, and how. */
async function lastChange(packages) {
  const others = ['pnpm-workspace.yaml', 'publishing.json'].map((name) => timeOf(join(root, name)));
  const folders = [...packages.map(({ folder }) => folder), join(root, '.changeset'), join(root, 'scripts', 'release')];
  return Math.max(...(await Promise.all([...others, ...folders.map(newestIn)])));
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
