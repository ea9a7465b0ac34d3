import { keep, recall } from '../state/keep.js';
import { en } from './en.js';
import type { Strings } from './strings.js';
import { zh } from './zh.js';

export const LANGUAGES = { en, zh } as const satisfies Record<string, Strings>;
export type Language = keyof typeof LANGUAGES;

const KEY = 'heed-language';

/** What the reader chose before, else what the browser asks for. */
function preferred(): Language {
  const chosen = recall(KEY);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  const wanted = navigator.languages.find((tag) => /^(?:en|zh)\b/i.test(tag));
  return wanted?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

let language: Language = $state(preferred());

export const i18n = {
  get language(): Language {
    return language;
  },
  get t(): Strings {
    return LANGUAGES[language];
  },
  choose(next: Language): void {
    language = next;
    keep(KEY, next);
  },
};
