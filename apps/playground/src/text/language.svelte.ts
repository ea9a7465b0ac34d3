import { keep, recall } from '../state/keep.js';
import { en } from './en.js';
import type { Strings } from './strings.js';

/** Languages of the page, each with its own name. */
export const LANGUAGES = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;

/** Loaders of the texts. Only the language in use is loaded, besides English. */
const TEXTS: Readonly<Record<Language, () => Promise<Strings>>> = {
  en: () => Promise.resolve(en),
  zh: async () => (await import('./zh.js')).zh,
};

const KEY = 'heed-language';

/** Preferred language: the one that the reader chose before, else the browser's. */
function preferred(): Language {
  const chosen = recall(KEY);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  const wanted = navigator.languages.find((tag) => /^(?:en|zh)\b/i.test(tag));
  return wanted?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

let current: { readonly language: Language; readonly t: Strings } = $state.raw({ language: 'en', t: en });

async function load(language: Language): Promise<void> {
  current = { language, t: await TEXTS[language]() };
}

export const i18n = {
  get language(): Language {
    return current.language;
  },
  get t(): Strings {
    return current.t;
  },
  /** Loads the preferred language before the page is shown. When its texts can't be loaded, the page is in English. */
  start: (): Promise<void> => load(preferred()).catch(() => undefined),
  /** Changes the language. When its texts can't be loaded, the language stays the same. */
  async choose(next: Language): Promise<void> {
    await load(next);
    keep(KEY, next);
  },
};
