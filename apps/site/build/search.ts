import type { DefaultTheme } from 'vitepress';
import { TEXTS } from './texts.js';

/** Words of a text. Chinese, which has no spaces, is looked up by its pairs of characters. The page gets this function as its text. */
const tokenize = (text: string): string[] =>
  text.split(/[\n\r\p{Z}\p{P}]+/u).flatMap((word) =>
    word
      .split(/(\p{Script=Han}+)/u)
      .flatMap((part, n) =>
        n % 2 === 0 || part.length === 1
          ? part
          : Array.from({ length: part.length - 1 }, (_, at) => part.slice(at, at + 2)),
      )
      .filter((part) => part !== ''),
  );

type Render = NonNullable<DefaultTheme.LocalSearchOptions['_render']>;
type Markdown = Parameters<Render>[2];

/** Rendered pages by their file; the index is made for the browser's bundle and for the server's. */
const rendered = new Map<string, { readonly source: string; readonly html: string }>();

/** Search in the page, of an index that comes when one searches. */
export const search: DefaultTheme.Config['search'] = {
  provider: 'local',
  options: {
    locales: { zh: { translations: TEXTS.zh.search } },
    miniSearch: { options: { tokenize } },
    _render(source, env, md) {
      const before = rendered.get(env.relativePath);
      if (before?.source === source) return before.html;
      const html = toSearch(plainly(md, source, env), env.relativePath);
      rendered.set(env.relativePath, { source, html });
      return html;
    },
  },
};

/** In the reference, what is found is an export, not the parameters that it has or what it returns. */
const toSearch = (html: string, file: string): string =>
  file.startsWith('api/') ? html.replaceAll(/<(\/?)h[4-6]/g, '<$1p') : html;

/** HTML of Markdown whose code has no colours, which are most of the work. */
function plainly(md: Markdown, source: string, env: Parameters<Render>[1]): string {
  const { highlight } = md.options;
  md.options.highlight = null;
  try {
    return md.render(source, env);
  } finally {
    md.options.highlight = highlight;
  }
}
