import type { MarkdownRenderer } from 'vitepress';
import { pageOf, targetOf } from './pages.js';

/** Links that lead somewhere by themselves, or within their page. */
const ELSEWHERE = /^([a-z]+:|#|\/)/i;

/**
 * Plugin of markdown-it: links between files of the repository become links between pages, and those to files that are no pages
 * lead to the repository. Without an address of that, they are text that says where the file is.
 *
 * @param repository  its address, as of a browser
 * @throws Error at a picture that isn't part of the site
 */
export const repositoryLinks = (repository: string | undefined) => (md: MarkdownRenderer) => {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const page = pageOf((env as { relativePath?: string }).relativePath ?? '');
    if (page === undefined) return;
    for (const token of tokens.flatMap((token) => token.children ?? [])) {
      const name = token.type === 'image' ? 'src' : token.type === 'link_open' ? 'href' : undefined;
      const link = name && token.attrGet(name);
      if (!name || !link || ELSEWHERE.test(link)) continue;
      const target = targetOf(page.source, link);
      if ('address' in target) token.attrSet(name, target.address);
      else if (name === 'src') throw new Error(`${page.source} shows ${link}, which is no picture of the site`);
      else if (repository !== undefined) token.attrSet(name, `${repository}/blob/HEAD/${target.file}${target.hash}`);
      else token.attrs = [['title', `in the repository: ${target.file}`]];
    }
  });
};
