import stringWidth from 'fast-string-width';

/**
 * A harmless label: ANSI escape sequences, bidirectional overrides and other invisible formatting are removed, control
 * characters become visible signs (␊ for a line feed), and lone surrogates become �.
 */
export function clean(label: string): string {
  return label
    .replace(ANSI_SEQUENCE, '')
    .replace(INVISIBLE, '')
    .replace(CONTROL, (character) => {
      const code = character.charCodeAt(0);
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '�';
    })
    .replace(NOT_TEXT, '�');
}

/** Cuts a clean text to `width` columns of a terminal, with … for the missing rest. */
export function truncate(text: string, width: number): string {
  const start = text.slice(0, width * LONGEST_GRAPHEME);
  if (start === text && stringWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const character of graphemes(start)) {
    used += stringWidth(character);
    if (used > width - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

/** Graphemes of a text: what a reader sees as one character each. */
export function graphemes(text: string): string[] {
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

let segmenter: Intl.Segmenter | undefined;

/** Greatest measure of the texts, 0 without texts. The list may be too long for the arguments of Math.max. */
export function widest(texts: readonly string[], measure: (text: string) => number): number {
  return texts.reduce((most, text) => Math.max(most, measure(text)), 0);
}

/** Pads a text with spaces before or after it to `width` columns of a terminal. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return side === 'left' ? space + text : text + space;
}

/** A weight for people: with three decimals, or with two significant digits when that would be 0 or long. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  return value !== 0 && (size < 0.001 || size >= 1e6) ? value.toPrecision(2) : String(Number(value.toFixed(3)));
}

/**
 * The shortest number with the same float32: 0.3 for 0.30000001192092896. A value that isn't a float32 stays as it is.
 */
export function shortest(value: number): number {
  if (Math.fround(value) !== value) return value;
  for (let digits = 6; digits <= 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}

// Limit in UTF-16 units, against the cost of a hostile label; the emoji of a family, a long one, has 11.
const LONGEST_GRAPHEME = 16;

// CSI, OSC (ended by BEL or ST) and the two-character sequences, ECMA-48 §5.3–5.6, with 8-bit CSI.
const ANSI_SEQUENCE =
  // eslint-disable-next-line no-control-regex -- these are the characters to remove
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]/g;
// Soft hyphen, zero-width spaces and marks, bidirectional embeddings and isolates, byte order mark. Joiners aren't among them,
// since emoji and several scripts need them.
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
// eslint-disable-next-line no-control-regex -- these are the characters to replace
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const NOT_TEXT = /[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
