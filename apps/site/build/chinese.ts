import type { MarkdownRenderer } from 'vitepress';

const ENDS = /[\p{Script=Han}，。；：、！？）】」”]$/u;
const BEGINS = /^[\p{Script=Han}（【「“]/u;

/** Plugin of markdown-it: where a line of Chinese is broken there is no space, which Chinese doesn't have between words. */
export function chinese(md: MarkdownRenderer): void {
  md.core.ruler.push('chinese', ({ tokens }) => {
    for (const { children } of tokens) {
      for (const [n, token] of (children ?? []).entries()) {
        if (token.type !== 'softbreak') continue;
        if (!ENDS.test(children![n - 1]?.content ?? '') || !BEGINS.test(children![n + 1]?.content ?? '')) continue;
        token.type = 'text';
        token.content = '';
      }
    }
  });
}
