import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BASE } from '../build/hosting.js';
import { fileOf, PAGES, targetOf } from '../build/pages.js';
import { ROOT } from '../build/sources.js';
import { TRIED } from '../build/try-it.js';
import { DIST } from './site.js';

/** Files of the site but for the playground's, which has tests of its own. */
const FILES = (readdirSync(DIST, { recursive: true }) as string[])
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !file.startsWith('play/'));

const HTML = FILES.filter((file) => file.endsWith('.html'));

/** What a built page refers to, and what can be referred to in it. */
interface Seen {
  readonly links: readonly string[];
  readonly ids: ReadonlySet<string>;
}

const seen = new Map(HTML.map((file) => [file, look(readFileSync(join(DIST, file), 'utf8'))]));

test('every page of the repository was built, and the reference of every package', () => {
  const missing = PAGES.map((page) => fileOf(page).replace(/\.md$/, '.html')).filter((file) => !seen.has(file));
  expect(missing).toEqual([]);
  expect(HTML.filter((file) => file.startsWith('api/')).length).toBeGreaterThan(40);
});

test('every link leads to a file, and to a place in it; none leaves the folder that the site is served from', () => {
  const wrong: string[] = [];
  for (const [file, { links }] of seen) {
    for (const link of links) {
      const problem = problemOf(file, link);
      if (problem) wrong.push(`${file}: ${link}: ${problem}`);
    }
  }
  expect(wrong).toEqual([]);
  expect([...seen.values()].flatMap(({ links }) => links).length).toBeGreaterThan(10_000);
});

// A file that is no page may go without any page changing, and the site then comes from the cache.
test('every link of the Markdown leads to a page or to a file that is there', () => {
  const lead = PAGES.flatMap(({ source }) => {
    const text = readFileSync(join(ROOT, source), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
    const links = Array.from(text.matchAll(/\]\(([^()\s]+)\)/g), ([, link]) => link!);
    return links.filter((link) => !/^([a-z]+:|#|\/)/i.test(link)).map((link) => targetOf(source, link));
  });
  expect(lead.length).toBeGreaterThan(500);
  expect(() => targetOf('README.md', 'docs/none.ts')).toThrow("README.md links to docs/none.ts, which isn't there");
});

test('every error code has its address', () => {
  const errors = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const codes = [...errors.matchAll(/^##+ ([A-Z_]+)$/gm)].map(([, code]) => code!);
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !seen.get('errors/index.html')!.ids.has(code))).toEqual([]);
});

test('every guide that can be tried is a page, and its model comes with Heed', () => {
  for (const [source, { task }] of Object.entries(TRIED)) {
    expect(PAGES.map((page) => page.source)).toContain(source);
    expect(existsSync(join(ROOT, 'packages/models', task, 'model.safetensors')), task).toBe(true);
  }
});

test('a link that leads nowhere is found', () => {
  expect(problemOf('index.html', `${BASE}nowhere/`)).toBe('there is no such file');
  expect(problemOf('index.html', `${BASE}errors/#NO_SUCH_CODE`)).toBe('there is no such place');
  expect(problemOf('index.html', '/guides/')).toBe('it leaves the site');
});

/** What is wrong with a link of a page; undefined where nothing is. */
function problemOf(file: string, link: string): string | undefined {
  const url = new URL(link, `http://site${BASE}${file}`);
  if (url.host !== 'site') return undefined;
  if (!url.pathname.startsWith(BASE)) return 'it leaves the site';
  const path = decodeURIComponent(url.pathname.slice(BASE.length));
  const target = path === '' || path.endsWith('/') ? `${path}index.html` : path;
  if (!existsSync(join(DIST, target)) || !statSync(join(DIST, target)).isFile()) return 'there is no such file';
  const place = decodeURIComponent(url.hash.slice(1));
  // What stands behind the playground's # is no place in it.
  if (place === '' || target === 'play/index.html') return undefined;
  return seen.get(target)?.ids.has(place) ? undefined : 'there is no such place';
}

function look(html: string): Seen {
  const valuesOf = (name: string): string[] =>
    [...html.matchAll(new RegExp(`<[a-z][^>]*? ${name}="([^"]*)"`, 'g'))].map(([, value]) => plain(value!));
  return { links: [...new Set([...valuesOf('href'), ...valuesOf('src')])], ids: new Set(valuesOf('id')) };
}

function plain(attribute: string): string {
  return attribute.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
