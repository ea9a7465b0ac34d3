// The repository as its next release has it, in a copy: versions and changelogs are made of the pending changesets,
// manifests say where the packages come from, and links of READMEs lead there.
import { cp, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root, run } from '../steps.mjs';
import { fieldsOf, publishing } from './publishing.mjs';
import { publishedReadme } from './readme.mjs';

/** What `changeset version` and `pnpm pack` take from beside the packages. */
const BESIDE = ['LICENSE', 'package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.changeset'];
/** Folders that hold no package of this repository, and that no package is published with. */
const LEFT_OUT = new Set(['node_modules', '.git', '.turbo', '.cache', 'packed']);

/**
 * Writes the copy: published packages whole and built, of the others the manifests, whose versions changesets may name.
 *
 * @param {string} destination an empty folder
 * @param {readonly import('../packages.mjs').Published[]} packages those that are published, which must have been built
 */
export async function versionedCopy(destination, packages) {
  for (const name of BESIDE) await cp(join(root, name), join(destination, name), { recursive: true });
  const published = new Set(packages.map(({ folder }) => folder));
  for await (const folder of packagesIn(root)) {
    const copy = join(destination, relative(root, folder));
    if (published.has(folder)) await copyPackage(folder, copy);
    else await cp(join(folder, 'package.json'), join(copy, 'package.json'));
  }
  await symlink(join(root, 'node_modules'), join(destination, 'node_modules'), 'junction');
  const changeset = join(root, 'node_modules', '@changesets', 'cli', 'bin.js');
  const code = await run(process.execPath, [changeset, 'version'], { cwd: destination, quiet: true });
  if (code !== 0) throw new Error(`changeset version ended with ${code}`);
  for (const folder of published) {
    const copy = join(destination, relative(root, folder));
    await addFields(copy, fieldsOf(publishing(), folder));
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    await writeFile(join(copy, 'README.md'), publishedReadme(readme, folder, publishing().repository));
  }
}

async function addFields(folder, fields) {
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  const files = [...manifest.files, 'CHANGELOG.md']; // npm takes a README along by itself, but no changelog
  await writeFile(path, `${JSON.stringify({ ...manifest, ...fields, files }, undefined, 2)}\n`);
}

/** A package with its built files. Its links lead to its neighbours in the copy, whose versions `pnpm pack` writes into its manifest. */
async function copyPackage(folder, copy) {
  const isOwn = (path) =>
    !relative(folder, path)
      .split(sep)
      .some((name) => LEFT_OUT.has(name));
  await cp(folder, copy, { recursive: true, filter: isOwn });
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) return;
  const isLink = (path) => !relative(modules, path).startsWith('.');
  await cp(modules, join(copy, 'node_modules'), { recursive: true, verbatimSymlinks: true, filter: isLink });
}

/** Folders of packages in a folder, those in others included. */
async function* packagesIn(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || LEFT_OUT.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (existsSync(join(path, 'package.json'))) yield path;
    else yield* packagesIn(path);
  }
}
