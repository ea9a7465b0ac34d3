// Which pages are there in Chinese, and what their originals were then: docs/translations.json, a line for each page that learners read.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../steps.mjs';

const LOCK = join(root, 'docs', 'translations.json');

/** Folders whose pages a learner reads. */
const FOLDERS = ['', 'apps/site/home', 'docs/guides', 'docs/guides/attention'];
/** What else is in these folders, for those who build Heed. */
const NOT_FOR_LEARNERS = /^(ARCHITECTURE|CODE_OF_CONDUCT|CONTRIBUTING|SECURITY)\.md$/;

export const twinOf = (page) => page.replace(/\.md$/, '.zh-CN.md');

/** @returns {string[]} pages in English that learners read, by their paths */
export const pages = () =>
  FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md') && !name.endsWith('.zh-CN.md') && !NOT_FOR_LEARNERS.test(name))
      .map((name) => (folder === '' ? name : `${folder}/${name}`)),
  );

/** @returns {Record<string, string | null>} by page, the hash of the original that its translation is of; null where there is none */
export const readLock = () => (existsSync(LOCK) ? JSON.parse(readFileSync(LOCK, 'utf8')) : {});

const hasTwin = (page) => existsSync(join(root, twinOf(page)));

/** Says that the translations of these pages are of their originals as they are now, or that they have none. */
export function lock(taken) {
  const before = readLock();
  const after = pages().flatMap((page) => {
    const hash = taken.includes(page) ? currentHash(page, hasTwin) : before[page];
    return hash === undefined ? [] : [[page, hash]];
  });
  writeFileSync(LOCK, `${JSON.stringify(Object.fromEntries(after.toSorted()), null, 2)}\n`);
}

/**
 * What is wrong between pages and their translations, a sentence each.
 *
 * @param {Record<string, string | null>} [locked]
 * @param {(page: string) => boolean} [isTranslated]
 * @returns {string[]}
 */
export function problems(locked = readLock(), isTranslated = hasTwin) {
  return pages().flatMap((page) => {
    const [hash, then] = [currentHash(page, isTranslated), locked[page]];
    const command = `pnpm translations ${page}`;
    if (hash === then) return [];
    if (hash === null) return [`${page} has no translation: write ${twinOf(page)} if you can, then run \`${command}\``];
    if (!then) return [`${twinOf(page)} is new: run \`${command}\``];
    return [`${page} has changed since it was translated: bring ${twinOf(page)} up to date, then run \`${command}\``];
  });
}

/** Hash of an original that has a translation; null where it has none. */
const currentHash = (page, isTranslated) =>
  isTranslated(page)
    ? createHash('sha256')
        .update(writtenByHand(readFileSync(join(root, page), 'utf8')))
        .digest('hex')
        .slice(0, 16)
    : null;

// Tables that a command writes are written in both languages.
const writtenByHand = (text) => text.replaceAll(/<!-- (.*): begin .*-->[^]*?<!-- \1: end -->/g, '');
