/**
 * What Python takes for white space, of which JavaScript's `\s` lacks U+001C–1F and U+0085 and has U+FEFF besides: figures are
 * only comparable with sacreBLEU's when words end where its words end.
 */
// oxlint-disable-next-line no-control-regex
export const WHITE_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

export const trimEnd = (text: string): string => text.replace(new RegExp(`(?:${WHITE_SPACE.source})$`), '');
export const trim = (text: string): string => trimEnd(text.replace(new RegExp(`^(?:${WHITE_SPACE.source})`), ''));
