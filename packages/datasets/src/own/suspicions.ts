import type { LinePlace } from './file-error.js';

/** What looks wrong in some rows, how many have it, and the first of them. */
export interface Suspicion {
  readonly why: string;
  readonly rows: number;
  readonly first: readonly (LinePlace & { readonly text: string })[];
}

// Rows that are shown of each kind, and code units of each.
const SHOWN = 3;
const LONGEST = 80;

/** Signs of a text that was read in another encoding than it was written in, and then written in UTF-8. */
const MOJIBAKE = /[ÃÂ][\u0080-\u00bf]|â€|ï»¿|[ÐÑ][\u0080-\u00bf]/;

/** Kinds of suspicion that one text alone raises. */
const OF_TEXT: Readonly<Record<string, (text: string) => boolean>> = {
  'control characters': (text) => /[^\P{Cc}\t\n]/u.test(text),
  'a replacement character, where something could not be read before': (text) => text.includes('\uFFFD'),
  'letters like those of UTF-8 read as Windows-1252 (Ã©, â€™)': (text) => MOJIBAKE.test(text),
  'tags or entities of HTML': (text) => /<\/?[a-z][^<>]{0,200}>|&(?:[a-z]{2,8}|#\d{1,6});/i.test(text),
  'brackets that are opened and not closed, or the other way round': (text) => !isBalanced(text),
};

/** Whether each kind of bracket is opened as often as it is closed. Signs such as ':-)' and '1)' are left alone. */
function isBalanced(text: string): boolean {
  const words = text.replaceAll(/[:;]-?[()]|(?<![\p{L}\p{N}])[\p{L}\p{N}]{1,2}\)/gu, '');
  return ['()', '[]', '{}', '“”', '«»'].every(
    ([open, close]) => words.split(open).length === words.split(close).length,
  );
}

/** Suspicions that are raised while rows are read. */
export class Suspicions {
  readonly #found = new Map<string, { rows: number; readonly first: (LinePlace & { readonly text: string })[] }>();

  /** Notes that a row looks wrong. */
  add(why: string, place: LinePlace, text: string): void {
    const found = this.#found.get(why) ?? { rows: 0, first: [] };
    this.#found.set(why, found);
    found.rows++;
    if (found.first.length < SHOWN) found.first.push({ ...place, text: text.slice(0, LONGEST) });
  }

  /** Looks at a text for everything that one text alone shows. */
  look(text: string, place: LinePlace): void {
    if (PLAIN.test(text)) return;
    for (const [why, is] of Object.entries(OF_TEXT)) if (is(text)) this.add(why, place, text);
  }

  list(): Suspicion[] {
    return Array.from(this.#found, ([why, { rows, first }]) => ({ why, rows, first }));
  }
}

/** Texts of letters, digits and common signs alone, in which there is nothing to find. */
const PLAIN = /^[\w ,.;!?'"-]*$/;
