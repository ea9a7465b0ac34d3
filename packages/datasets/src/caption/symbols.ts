import { cutInto, joinUnits } from '../own/units.js';
/** Mark of a word that no space is before, as `joinUnits` reads it. */
const JOINER = '￭';

/** Words with the hyphens within, and the apostrophe that French shortens them by; other signs are words by themselves. */
const WORDS = /[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*[’']?|\S/gu;

/** Languages that are written without spaces between words, by the first part of their tags. */
const SPACELESS = new Set(['zh', 'ja', 'th', 'lo', 'km', 'my', 'yue']);
const isSpaceless = (language: string): boolean => SPACELESS.has(language.split('-')[0]);

/**
 * Symbols of a caption: characters of Chinese, whose words no space separates and platforms cut otherwise, and which are few and each
 * mean something; words of the other languages, with signs by themselves, so that 'worker' before a colon is the same word.
 */
export function captionSymbols(text: string, language: string): string[] {
  if (isSpaceless(language)) return cutInto('characters', text);
  return Array.from(text.matchAll(WORDS), ({ 0: word, index }) =>
    index === 0 || text[index - 1] === ' ' ? word : JOINER + word,
  );
}

/** Caption that symbols stand for. */
export const joinCaption = (symbols: readonly string[], language: string): string =>
  joinUnits(isSpaceless(language) ? 'characters' : 'words', symbols);
