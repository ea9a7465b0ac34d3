/**
 * Characters that are white space in Python. JavaScript's `\s` lacks U+001C–1F and U+0085, and has U+FEFF in addition. Figures
 * are comparable with sacreBLEU's only when words end at the same characters.
 */
const ONE = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
export const WHITE_SPACE = new RegExp(`${ONE}+`);

// A match begins only at the start of a run of spaces: trying every place of a long run would take the square of its length.
const AT_END = new RegExp(`(?<!${ONE})${ONE}+$`);
const AT_START = new RegExp(`^${ONE}+`);

export const trimEnd = (text: string): string => text.replace(AT_END, '');
export const trim = (text: string): string => trimEnd(text.replace(AT_START, ''));
