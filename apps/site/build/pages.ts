import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT, markdownSources, pictureSources } from './sources.js';

/** A page of the site. */
export interface Page {
  /** Path of its Markdown from the root of the repository: 'docs/guides/choosing.zh-CN.md'. */
  readonly source: string;
  /** Path of its folder on the site, whose index it is: 'zh/guides/choosing/'; '' is the first page. */
  readonly path: string;
}

/** First pages; what else Markdown is for stands at `pathOf`. */
const HOMES: readonly Page[] = [
  { source: 'apps/site/home/index.md', path: '' },
  { source: 'apps/site/home/index.zh-CN.md', path: 'zh/' },
];

export const PAGES: readonly Page[] = [
  ...HOMES,
  ...markdownSources().map((source) => ({ source, path: pathOf(source) })),
];

const BY_SOURCE = new Map(PAGES.map((page) => [page.source, page]));
const BY_PATH = new Map(PAGES.map((page) => [page.path, page]));
const PICTURES = new Set(pictureSources());

/** File of a page below the folder of all pages. */
export const fileOf = ({ path }: Page): string => `${path}index.md`;

/** Page of a file below the folder of all pages; undefined where it isn't made of Markdown of the repository. */
export const pageOf = (file: string): Page | undefined => BY_PATH.get(file.replace(/index\.md$/, ''));

/** Page that says the same in the other language, if there is one. */
export const twinOf = ({ path }: Page): Page | undefined =>
  BY_PATH.get(path.startsWith('zh/') ? path.slice(3) : `zh/${path}`);

/**
 * Address of a source's page, from the root of the site.
 *
 * @throws Error where there is none
 */
export function addressOf(source: string): string {
  const page = BY_SOURCE.get(source);
  if (page === undefined) throw new Error(`${source} is no page of the site`);
  return `/${page.path}`;
}

/** What a link in a source leads to: a page or picture of the site, as an address from its root; or else a file of the repository. */
export type Target = { readonly address: string } | { readonly file: string; readonly hash: string };

/**
 * Target of a relative link.
 *
 * @param source  path of the Markdown from the root of the repository
 * @param link    as written there: '../errors.md#disposed', '../../packages/nn'
 * @throws Error where there is nothing
 */
export function targetOf(source: string, link: string): Target {
  const [path, hash = ''] = split(link);
  const file = posix.join(posix.dirname(source), decodeURI(path)).replace(/\/$/, '');
  if (PICTURES.has(file)) return { address: `/${file}` };
  const page = BY_SOURCE.get(file) ?? BY_SOURCE.get(posix.join(file, 'README.md'));
  if (page !== undefined) return { address: `/${page.path}${hash}` };
  if (!existsSync(join(ROOT, file))) throw new Error(`${source} links to ${link}, which isn't there`);
  return { file, hash };
}

const split = (link: string): string[] => /^([^#]*)(#.*)?$/.exec(link)!.slice(1);

/**
 * Path on the site of a page's source: as in the repository, without `docs/`, in small letters, Chinese below `zh/`. The READMEs of
 * the repository itself are the overview.
 */
function pathOf(source: string): string {
  const path = source
    .replace(/^README\b/, 'overview')
    .replace(/^docs\//, '')
    .replace(/(\.zh-CN)?\.md$/, '/')
    .replace(/(^|\/)README\/$/, '$1')
    .toLowerCase();
  return source.endsWith('.zh-CN.md') ? `zh/${path}` : path;
}
