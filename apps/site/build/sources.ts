import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Which Markdown files of which folders are pages; '' is the root itself. */
const FOLDERS: Readonly<Record<string, RegExp>> = {
  '': /^(ARCHITECTURE|CODE_OF_CONDUCT|CONTRIBUTING|SECURITY|README(\.zh-CN)?)\.md$/,
  docs: /\.md$/,
  apps: /^[^/]+\/README(\.zh-CN)?\.md$/,
  bench: /^[^/]+\.md$/,
  examples: /^([^/]+\/)?README\.md$/,
  packages: /^[^/]+\/README(\.zh-CN)?\.md$/,
  vectors: /(^|\/)README\.md$/,
};

const PICTURES = /\.(svg|png)$/;

/** Paths of all pages' sources, from the root of the repository. */
export const markdownSources = (): string[] =>
  Object.entries(FOLDERS).flatMap(([folder, chosen]) =>
    filesIn(folder, folder === '' ? 0 : Infinity)
      .filter((file) => chosen.test(file))
      .map((file) => (folder === '' ? file : `${folder}/${file}`)),
  );

/** Paths of the pictures that pages show, from the root of the repository. */
export const pictureSources = (): string[] =>
  ['docs', 'bench'].flatMap((folder) =>
    filesIn(folder, Infinity)
      .filter((file) => PICTURES.test(file))
      .map((file) => `${folder}/${file}`),
  );

/** Files of a folder, and of those in it down to a depth, without what is installed or built. */
function filesIn(folder: string, depth: number, prefix = ''): string[] {
  return readdirSync(join(ROOT, folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = `${prefix}${entry.name}`;
    if (entry.isFile()) return [name];
    const skipped = !entry.isDirectory() || depth === 0 || /^(node_modules|dist|\..*)$/.test(entry.name);
    return skipped ? [] : filesIn(folder, depth - 1, `${name}/`);
  });
}
