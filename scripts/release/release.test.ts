import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { publishedPackages } from '../packages.mjs';
import { ERRORS_PAGE } from '../../packages/base/src/errors-page.js';
import { fieldsOf, publishing, reasonsNotToPublish } from './publishing.mjs';
import { publishedReadme } from './readme.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const filled = { repository: 'https://example.org/someone/heed', homepage: null, keywords: ['attention'] };

describe('what a package says of where it comes from', () => {
  test('the repository gives the rest', () => {
    expect(fieldsOf(filled, join(root, 'packages', 'core'))).toEqual({
      keywords: ['attention'],
      homepage: 'https://example.org/someone/heed/tree/main/packages/core#readme',
      bugs: { url: 'https://example.org/someone/heed/issues' },
      repository: { type: 'git', url: 'git+https://example.org/someone/heed.git', directory: 'packages/core' },
    });
  });

  test('a homepage stands in place of the folder’s page', () => {
    const { homepage } = fieldsOf({ ...filled, homepage: 'https://example.org/heed' }, join(root, 'packages', 'core'));
    expect(homepage).toBe('https://example.org/heed');
  });

  test('what isn’t filled in is left out', () => {
    expect(fieldsOf({ ...filled, repository: null }, join(root, 'packages', 'core'))).toEqual({
      keywords: ['attention'],
    });
  });

  test('no manifest says it by itself', async () => {
    for (const { manifest } of await publishedPackages())
      for (const field of ['repository', 'homepage', 'bugs', 'keywords'])
        expect(manifest, manifest.name).not.toHaveProperty(field);
    expect(publishing().keywords.length).toBeGreaterThan(3);
  });
});

describe('nothing is published', () => {
  test.each([
    ['without a repository', { repository: null }, /names no repository/],
    ['with an empty one', { repository: '' }, /names no repository/],
    ['with one that is no address', { repository: 'someone/heed' }, /no https address/],
    ['with one that ends in .git', { repository: 'https://example.org/heed.git' }, /without \.git/],
    ['with a homepage that is no address', { homepage: 'http://example.org' }, /homepage.*no https address/],
  ])('%s', (_, change, reason) => {
    expect(reasonsNotToPublish({ ...filled, ...change })).toEqual([expect.stringMatching(reason)]);
  });

  test('but with all that', () => expect(reasonsNotToPublish(filled)).toEqual([]));
});

test('errors say where their codes are written about: below the homepage, or nowhere', () => {
  const { homepage } = publishing();
  expect(ERRORS_PAGE).toBe(homepage ? `${homepage}/errors` : undefined); // written in packages/base/src/errors-page.ts
});

describe('links of a README that is published', () => {
  const core = join(root, 'packages', 'core');
  const published = (text: string, repository: string | null = filled.repository): string =>
    publishedReadme(text, core, repository);

  test.each([
    ['a file', '[why](../../docs/errors.md)', '[why](https://example.org/someone/heed/blob/HEAD/docs/errors.md)'],
    ['a folder', '[`cpu`](../backend-cpu)', '[`cpu`](https://example.org/someone/heed/tree/HEAD/packages/backend-cpu)'],
    [
      'a place in a file',
      '[a\nb](src/index.ts#L1)',
      '[a\nb](https://example.org/someone/heed/blob/HEAD/packages/core/src/index.ts#L1)',
    ],
    [
      'a picture',
      '![map](../../docs/attention.svg)',
      '![map](https://example.org/someone/heed/raw/HEAD/docs/attention.svg)',
    ],
  ])('to %s lead to the repository', (_, text, expected) => expect(published(text)).toBe(expected));

  test.each(['[a](https://example.org)', '[a](#masks)', '`[a](b)`', '```js\n[a](b)\n```'])(
    'stay as they are: %s',
    (text) => expect(published(text)).toBe(text),
  );

  test('are text without a repository', () => expect(published('([why](../../docs/errors.md))', null)).toBe('(why)'));

  test('must lead to something', () =>
    expect(() => published('[a](none.md)')).toThrow('packages/core links to none.md'));

  test('of all packages', async () => {
    for (const { folder, manifest } of await publishedPackages()) {
      const text = await readFile(join(folder, 'README.md'), 'utf8');
      const code = /^```[^]*?^```|`[^`\n]+`/gm;
      for (const repository of [filled.repository, null]) {
        const links = publishedReadme(text, folder, repository)
          .replaceAll(code, '')
          .matchAll(/\]\(([^)]*)\)/g);
        for (const [, target] of links) expect(target, manifest.name).toMatch(/^(https:|#)/);
      }
    }
  });
});

test('every package that was never released is named in a changeset', async () => {
  const folder = join(root, '.changeset');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const isNamed = (name: string): boolean => texts.some((text) => new RegExp(`^'?${name}'?: minor$`, 'm').test(text));
  const unreleased = (await publishedPackages()).filter(({ manifest }) => manifest.version === '0.0.0');
  expect(unreleased.map(({ manifest }) => manifest.name).filter((name) => !isNamed(name))).toEqual([]);
});

test('every package has the version of the others, but for data that has its own', async () => {
  const { fixed } = JSON.parse(await readFile(join(root, '.changeset', 'config.json'), 'utf8')) as {
    fixed: [[string, string]];
  };
  const left = /^@heed\/!\((.+)\)$/.exec(fixed[0][1])![1]!.split('|');
  const own = (await publishedPackages()).filter(
    ({ manifest: { name } }) => name !== 'heed' && left.some((one) => one === name.slice('@heed/'.length)),
  );
  expect(own.map(({ manifest }) => manifest.name)).toEqual(['@heed/drawn-emoji']);
});
