import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileOf, PAGES } from './pages.js';
import { pictureSources, ROOT } from './sources.js';

/** Folder of all pages, which git ignores; its folder `api` is written by scripts/api.mjs. */
export const FOLDER = fileURLToPath(new URL('../pages', import.meta.url));

const ICON = 'apps/playground/public/icon.svg';

/** Where each file of the repository goes below the folder of pages. */
const COPIES = new Map([
  ...PAGES.map((page) => [page.source, fileOf(page)] as const),
  ...pictureSources().map((source) => [source, join('public', source)] as const),
  [ICON, 'public/icon.svg'] as const,
]);

/** Puts the Markdown and pictures of the repository, as they are, where pages are read from, in place of what was there. */
export function collect(): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of readdirSync(FOLDER)) {
    if (name !== 'api') rmSync(join(FOLDER, name), { recursive: true });
  }
  for (const source of COPIES.keys()) take(source);
}

/** Brings one file up to date, if it belongs to the site. */
export function collectAgain(file: string): void {
  const source = relative(ROOT, file);
  if (COPIES.has(source)) take(source);
}

/** Files that `collectAgain` has a use for. */
export const collected = (): string[] => [...COPIES.keys()].map((source) => join(ROOT, source));

function take(source: string): void {
  const copy = join(FOLDER, COPIES.get(source)!);
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(join(ROOT, source), copy);
}
