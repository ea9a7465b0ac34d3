import { LANGUAGES, type Language, type Row } from './packs.js';

/** An English text with its translations: mostly one in each language, sometimes several, from different parts of the interface. */
export interface Entry {
  readonly english: string;
  readonly translations: Readonly<Record<Language, readonly string[]>>;
}

/** Numbers of rows that were left out, by reason; for 'untranslated' and 'placeholders', numbers of translations. */
export interface Dropped {
  /** Texts of several lines, which are documentation with examples. */
  readonly lines: number;
  /** Texts without two letters in a row: `{0} ({1})`. */
  readonly wordless: number;
  /** English texts of more than `LONGEST` characters. */
  readonly long: number;
  /** Translations into one language that are the same as the English text. */
  readonly untranslated: number;
  /** Translations into one language whose placeholders differ from those of the English text: they translate another text. */
  readonly placeholders: number;
}

/** Greatest length of an English text, in characters: buttons, titles, short messages. Longer ones mostly document settings. */
export const LONGEST = 40;

/** Texts that a small model can learn to translate: each English text once, in the order of the packs. */
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
 * A text without marks that aren't language: the `&&` before an accelerator's letter (in Chinese `(&&F)` at the end) is removed,
 * and spaces of all widths and both forms of the apostrophe, which translators mix, become one form.
 */
export const tidyText = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/(?<!\s)\s*\(&&[A-Z0-9]\)/gi, '')
    .replaceAll('&&', '')
    .replaceAll('’', "'")
    .replaceAll(/[\s\u200B]+/g, ' ')
    .trim();

/** Key that is equal for texts that differ only in case, punctuation, digits, placeholders and accelerators. */
export const likeness = (english: string): string =>
  english
    .toLowerCase()
    .replaceAll(/\{\d+\}/g, ' ')
    .replaceAll(/[^\p{L}]+/gu, ' ')
    .trim();

const placeholders = (text: string): string => (text.match(/\{\d+\}/g) ?? []).toSorted().join();
