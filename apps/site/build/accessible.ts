import type { MarkdownRenderer } from 'vitepress';

/**
 * Plugin of markdown-it: a table's empty heading is a plain cell, which screen readers don't announce as a heading; code that is
 * indented, and may be wider than the page, can be scrolled by keys.
 */
export function accessible(md: MarkdownRenderer): void {
  md.core.ruler.push('accessible', ({ tokens }) => {
    for (const [n, token] of tokens.entries()) {
      if (token.type === 'code_block') token.attrSet('tabindex', '0');
      if (token.type === 'th_open' && tokens[n + 1]!.content.trim() === '') {
        token.tag = 'td';
        tokens[n + 2]!.tag = 'td';
      }
    }
  });
}
