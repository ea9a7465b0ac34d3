import type { MarkdownRenderer } from 'vitepress';
import { pageOf } from './pages.js';

/** Guides whose model readers can try, each with its task, and an input where the guide has a better one than the task's own example. */
export const TRIED: Readonly<Record<string, { readonly task: string; readonly text?: string }>> = {
  'docs/guides/pronunciation.md': { task: 'g2p', text: 'knocked' },
  'docs/guides/dates.md': { task: 'dates' },
  'docs/guides/translate.md': { task: 'translate' },
  'docs/guides/sentiment.md': { task: 'sentiment' },
  'docs/guides/spam.md': { task: 'spam' },
  'docs/guides/qa.md': { task: 'qa' },
  'docs/guides/generate.md': { task: 'generate' },
};

/** Plugin of markdown-it: puts a box with the guide's model before its first part. */
export function tryIt(md: MarkdownRenderer): void {
  md.core.ruler.push('try-it', (state) => {
    const page = pageOf((state.env as { relativePath?: string }).relativePath ?? '');
    const tried = page && TRIED[page.source.replace('.zh-CN.md', '.md')];
    const at = state.tokens.findIndex(({ type, tag }) => type === 'heading_open' && tag === 'h2');
    if (!tried || at < 0) return;
    const fields = new URLSearchParams({ view: 'tasks', task: tried.task, ...(tried.text && { tt: tried.text }) });
    const box = new state.Token('html_block', '', 0);
    box.content = `<TryIt fields="${md.utils.escapeHtml(String(fields))}" />\n`;
    state.tokens.splice(at, 0, box);
  });
}
