import { LANGUAGES, type Language, type Row } from './packs.js';

/** A text with its translations: most have one, some have several in different places of the interface. */
export interface Entry {
  readonly english: string;
  readonly translations: Readonly<Record<Language, readonly string[]>>;
}

/** What was left out, and why: rows, or for 'untranslated' and 'long' translations. */
export interface Dropped {
  /** Of several lines: documentation with examples. */
  readonly lines: number;
  /** No two letters in a row: `{0} ({1})`. */
  readonly wordless: number;
  /** English of more than `LONGEST` characters. */
  readonly long: number;
  /** The same as in English, in one language. */
  readonly untranslated: number;
  /** Placeholders are not those of the English text, in one language: not the same text. */
  readonly placeholders: number;
}

/** Characters of an English text: buttons, titles, short messages; what is longer is mostly the documentation of settings. */
export const LONGEST = 40;

/** The texts that a small model can learn to translate, each English text once, in the order of the packs. */
export function clean(rows: readonly Row[]): { entries: Entry[]; dropped: Dropped } {
  const dropped = { lines: 0, wordless: 0, long: 0, untranslated: 0, placeholders: 0 };
  const found = new Map<string, Record<Language, Set<string>>>();
  for (const row of rows) {
    const english = tidyText(row.en);
    if ([row.en, ...LANGUAGES.map((language) => row[language])].some((text) => /[\r\n]/.test(text))) dropped.lines++;
    else if (!/[a-z]{2}/i.test(english)) dropped.wordless++;
    else if (english.length > LONGEST) dropped.long++;
    else {
      const translations = found.get(english) ?? { fr: new Set(), de: new Set(), zh: new Set() };
      found.set(english, translations);
      for (const language of LANGUAGES) {
        const text = tidyText(row[language]);
        if (text === '' || text === english) dropped.untranslated++;
        else if (placeholders(text) !== placeholders(english)) dropped.placeholders++;
        else translations[language].add(text);
      }
    }
  }
  const entries = Array.from(found, ([english, { fr, de, zh }]) => ({
    english,
    translations: { fr: [...fr], de: [...de], zh: [...zh] },
  }));
  return { entries: entries.filter(({ translations }) => LANGUAGES.some((l) => translations[l].length > 0)), dropped };
}

/**
 * Text without what is not language: the `&&` before an accelerator's letter (in Chinese `(&&F)` at the end), spaces of
 * several widths, and two forms of the apostrophe, which translators mix.
 */
export const tidyText = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/(?<!\s)\s*\(&&[A-Z0-9]\)/gi, '')
    .replaceAll('&&', '')
    .replaceAll('’', "'")
    .replaceAll(/[\s\u200B]+/g, ' ')
    .trim();

/** Equal for texts that differ in case, punctuation, digits, placeholders and accelerators alone. */
export const likeness = (english: string): string =>
  english
    .toLowerCase()
    .replaceAll(/\{\d+\}/g, ' ')
    .replaceAll(/[^\p{L}]+/gu, ' ')
    .trim();

const placeholders = (text: string): string => (text.match(/\{\d+\}/g) ?? []).toSorted().join();
