import { keep, recall } from '../state/keep.js';
import { en } from './en.js';
import type { Strings } from './strings.js';

/** The languages of the page, each by its own name. */
export const LANGUAGES = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;

/** Only the language in use is loaded; English is always there. */
const TEXTS: Readonly<Record<Language, () => Promise<Strings>>> = {
  en: () => Promise.resolve(en),
  zh: async () => (await import('./zh.js')).zh,
};

const KEY = 'heed-language';

/** What the reader chose before, else what the browser asks for. */
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
  /** Before the page is shown. Where the texts of the language don't come, the page is English. */
  start: (): Promise<void> => load(preferred()).catch(() => undefined),
  /** Where the texts don't come, the language stays as it was. */
  async choose(next: Language): Promise<void> {
    await load(next);
    keep(KEY, next);
  },
};
