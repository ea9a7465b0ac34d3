import { cutInto, joinUnits } from '../own/units.js';
import type { CaptionLanguage } from './languages.js';

/** Mark of a word that no space is before, as `joinUnits` reads it. */
const JOINER = '￭';

/** Words with the hyphens within, and the apostrophe that French shortens them by; other signs are words by themselves. */
const WORDS = /[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*[’']?|\S/gu;

/**
 * Symbols of a caption: characters of Chinese, whose words no space separates and platforms cut otherwise, and which are few and each
 * mean something; words of the other languages, with signs by themselves, so that 'worker' before a colon is the same word.
 */
export function captionSymbols(text: string, language: CaptionLanguage): string[] {
  if (language === 'zh') return cutInto('characters', text);
  return Array.from(text.matchAll(WORDS), ({ 0: word, index }) =>
    index === 0 || text[index - 1] === ' ' ? word : JOINER + word,
  );
}

/** Caption that symbols stand for. */
export const joinCaption = (symbols: readonly string[], language: CaptionLanguage): string =>
  joinUnits(language === 'zh' ? 'characters' : 'words', symbols);
