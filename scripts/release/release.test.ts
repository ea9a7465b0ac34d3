import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { publishedPackages } from '../packages.mjs';
import { fieldsOf, publishing, reasonsNotToPublish } from './publishing.mjs';

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
