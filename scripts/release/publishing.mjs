// What every published package says of where it comes from: publishing.json, the one place that the owner of the packages fills in.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../steps.mjs';

/** @typedef {{ repository: string | null, homepage: string | null, keywords: readonly string[] }} Publishing */

/** @returns {Publishing} */
export const publishing = () => JSON.parse(readFileSync(new URL('../../publishing.json', import.meta.url), 'utf8'));

/**
 * Fields of a package's manifest. What isn't filled in is left out.
 *
 * @param {Publishing} publishing
 * @param {string} folder the package's
 */
export function fieldsOf({ repository, homepage, keywords }, folder) {
  const directory = relative(root, folder).replaceAll('\\', '/');
  return {
    keywords,
    ...(homepage && { homepage }),
    ...(repository && {
      ...(!homepage && { homepage: `${repository}/tree/main/${directory}#readme` }),
      bugs: { url: `${repository}/issues` },
      // A registry that is to prove where a package was built asks for exactly this address.
      repository: { type: 'git', url: `git+${repository}.git`, directory },
    }),
  };
}

/**
 * Why nothing may be published as it is.
 *
 * @param {Publishing} publishing
 * @returns {string[]}
 */
export function reasonsNotToPublish({ repository, homepage }) {
  const reasons = [];
  if (!repository)
    reasons.push('publishing.json names no repository: the https address of the repository, without .git');
  else if (!isAddress(repository) || repository.endsWith('.git'))
    reasons.push(`publishing.json: the repository '${repository}' is no https address without .git`);
  if (homepage && !isAddress(homepage)) reasons.push(`publishing.json: the homepage '${homepage}' is no https address`);
  return reasons;
}

const isAddress = (text) => URL.canParse(text) && new URL(text).protocol === 'https:' && !text.endsWith('/');
