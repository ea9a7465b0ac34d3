import { expect, test } from 'vitest';
import { pages, problems, readLock, twinOf } from '../../../scripts/translations/lock.mjs';
import { PAGES } from '../build/pages.js';

const translated = pages().filter((page) => readLock()[page] !== null);

test('what learners read is there in Chinese, as it is in English; what isn’t yet is listed', () => {
  expect(problems()).toEqual([]);
});

test('an original that has changed, a translation that is new and one that went away are found', () => {
  const page = translated[0]!;
  const lock = readLock();
  expect(problems({ ...lock, [page]: 'as it was' })).toEqual([expect.stringContaining(`${page} has changed`)]);
  expect(problems({ ...lock, [page]: null })).toEqual([expect.stringContaining(`${twinOf(page)} is new`)]);
  expect(problems(lock, (one) => one !== page && translated.includes(one))).toEqual([
    expect.stringContaining(`${page} has no translation`),
  ]);
});

test('every translation is a page of the site, beside its original', () => {
  const paths = new Map(PAGES.map(({ source, path }) => [source, path]));
  for (const page of translated) expect(paths.get(twinOf(page))).toBe(`zh/${paths.get(page)}`);
});
