/**
 * What Python takes for white space, of which JavaScript's `\s` lacks U+001C–1F and U+0085 and has U+FEFF besides: figures are
 * only comparable with sacreBLEU's when words end where its words end.
 */
const ONE = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
export const WHITE_SPACE = new RegExp(`${ONE}+`);

// Only from where a run begins: from each of its places to its end would take the square of its length.
const AT_END = new RegExp(`(?<!${ONE})${ONE}+$`);
const AT_START = new RegExp(`^${ONE}+`);

export const trimEnd = (text: string): string => text.replace(AT_END, '');
export const trim = (text: string): string => trimEnd(text.replace(AT_START, ''));
