import { expect, test } from 'vitest';
import { pages, problems, readLock, twinOf } from '../../../scripts/translations/lock.mjs';
import { PAGES } from '../build/pages.js';

const translated = pages().filter((page) => readLock()[page] !== null);

test('what learners read is there in Chinese, as it is in English; what isn’t yet is listed', () => {
  expect(problems()).toEqual([]);
});

test('an original that has changed, a translation that is new and one that went away are found', () => {
  const page = translated[0]!;
  const without = pages().find((page) => !translated.includes(page))!;
  const lock = readLock();
  expect(problems({ ...lock, [page]: 'as it was' })).toEqual([expect.stringContaining(`${page} has changed`)]);
  expect(problems({ ...lock, [page]: null })).toEqual([expect.stringContaining(`${twinOf(page)} is new`)]);
  expect(problems({ ...lock, [without]: 'as it was' })).toEqual([
    expect.stringContaining(`${without} has no translation`),
  ]);
});

test('every translation is a page of the site, beside its original', () => {
  const paths = new Map(PAGES.map(({ source, path }) => [source, path]));
  for (const page of translated) expect(paths.get(twinOf(page))).toBe(`zh/${paths.get(page)}`);
});
