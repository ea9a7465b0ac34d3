import type { MarkdownRenderer } from 'vitepress';

export type State = Parameters<Parameters<MarkdownRenderer['core']['ruler']['push']>[1]>[0];
export type Token = State['tokens'][number];

/**
 * Replaces what stands between comments in a page.
 *
 * @param begin, end  what the comments are; an end is no begin
 * @param write       gets the tokens between them, without the comments
 */
export function replaceBlocks(
  state: State,
  { begin, end }: { readonly begin: RegExp; readonly end: RegExp },
  write: (inner: readonly Token[]) => Token[],
): void {
  const tokens: Token[] = [];
  let inner: Token[] | undefined;
  for (const token of state.tokens) {
    const comment = token.type === 'html_block' ? token.content.trim() : '';
    if (inner && end.test(comment)) {
      tokens.push(...write(inner));
      inner = undefined;
    } else if (begin.test(comment)) inner = [];
    else (inner ?? tokens).push(token);
  }
  state.tokens = tokens;
}

/** Begin of a component, whose attributes are texts. */
export function opening(state: State, name: string, attributes: Readonly<Record<string, string>>): Token {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${state.md.utils.escapeHtml(value)}"`);
  return html(state, `<${name}${written.join('')}>`);
}

/** A token of HTML as it is. */
export function html(state: State, content: string): Token {
  const token = new state.Token('html_block', '', 0);
  token.content = `${content}\n`;
  return token;
}
