// READMEs as they are published: a registry's page has no files beside it, so links to those of the repository become addresses.
import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { root } from '../steps.mjs';

/** Blocks and spans of code, in which nothing is a link, and links and pictures with their text and target. */
const CODE_OR_LINK = /^```[^]*?^```|`[^`\n]+`|(!?)\[((?:`[^`]+`|[^[\]`])*)\]\(([^()\s]+)\)/gm;

/** Targets that lead somewhere by themselves, or within the page. */
const ELSEWHERE = /^([a-z]+:|#)/i;

/**
 * A README whose links lead to the repository. Without an address of that they are plain text.
 *
 * @param {string} text Markdown, with links as they are in the repository
 * @param {string} folder the package's
 * @param {string | null} repository its address, as of a browser
 * @throws Error at a link to a file that isn't there
 */
export function publishedReadme(text, folder, repository) {
  return text.replace(CODE_OR_LINK, (all, picture, shown, target) => {
    if (target === undefined || ELSEWHERE.test(target)) return all;
    const [path, hash = ''] = target.split(/(?=#)/);
    const file = resolve(folder, path);
    if (!existsSync(file))
      throw new Error(`README.md of ${relative(root, folder)} links to ${target}, which isn't there`);
    if (!repository) return shown;
    const view = picture ? 'raw' : statSync(file).isDirectory() ? 'tree' : 'blob';
    return `${picture}[${shown}](${repository}/${view}/HEAD/${relative(root, file).replaceAll('\\', '/')}${hash})`;
  });
}
