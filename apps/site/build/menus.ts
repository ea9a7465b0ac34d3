import type { DefaultTheme } from 'vitepress';
import { API, apiPages } from './api-menu.js';
import { LESSONS, TEACHERS } from './lesson-pages.js';
import { addressOf, targetOf } from './pages.js';
import { rowsOf, type Row } from './tables.js';
import { MORE, TEXTS, type Language, type Section } from './texts.js';

type Item = DefaultTheme.SidebarItem;

/** A page in a list. */
interface Listed {
  readonly text: string;
  readonly link: string;
}

/** Tables that list pages of a kind, by language; the first of a file is the one. */
const LISTS = {
  en: { overview: 'README.md', guides: 'docs/guides/README.md', lessons: LESSONS.en },
  zh: { overview: 'README.zh-CN.md', guides: 'docs/guides/README.zh-CN.md', lessons: LESSONS.zh },
} as const;

/** Menu at the top of every page of a language. */
export function navOf(language: Language): DefaultTheme.NavItem[] {
  const { sections } = TEXTS[language];
  const { overview, guides } = LISTS[language];
  return [
    { text: sections.guides, link: addressOf(guides) },
    { text: sections.overview, link: addressOf(overview) },
    { text: sections.api, link: API },
    // A page of its own, not one that this page's router could open.
    { text: sections.playground, link: '/play/', target: '_self', rel: '' },
    { text: sections.more, items: moreOf(language) },
  ];
}

/** Lists of pages beside the text, by where that is. */
export function sidebarOf(language: Language): DefaultTheme.SidebarMulti {
  const { sections } = TEXTS[language];
  const { overview, guides, lessons } = LISTS[language];
  const group = (section: Section, items: readonly Item[]): Item => ({ text: sections[section], items: [...items] });
  const packages = group(
    'packages',
    listed(overview, ({ text }) => text, language),
  );
  const guide = group('guides', [
    { text: sections.overview, link: addressOf(guides) },
    ...listed(guides, ({ text }) => text, language),
  ]);
  const lesson = group('lessons', [
    { text: sections.overview, link: addressOf(lessons) },
    ...listed(lessons, ({ text }) => text, language),
    { text: sections.teachers, link: addressOf(TEACHERS[language]) },
  ]);
  const more = group('more', [{ text: sections.overview, link: addressOf(overview) }, ...moreOf(language)]);
  const beside = [guide, more];
  if (language === 'zh')
    return { [addressOf(lessons)]: [lesson, ...beside], '/zh/guides/': beside, '/zh/': [more, guide, packages] };
  return {
    [addressOf(lessons)]: [lesson, ...beside],
    '/guides/': beside,
    '/decisions/': [
      group(
        'decisions',
        listed(MORE.decisions, ({ text, next }) => `${text}. ${next}`, language),
      ),
      more,
    ],
    ...Object.fromEntries(rowsOf(overview).map((row) => ownSidebar(row, [packages, more]))),
    '/api/': [{ text: sections.api, link: API, items: apiPages() }, packages],
    '/': [more, guide, packages],
  };
}

/** A package's own list, of its README and its reference, above others. */
function ownSidebar({ text, link }: Row, others: Item[]): [string, Item[]] {
  const address = addressIn(LISTS.en.overview, link);
  const { overview, api } = TEXTS.en.sections;
  const pages = apiPages().filter((page) => page.text === text || page.text.startsWith(`${text}/`));
  const items = [
    { text: overview, link: address },
    ...pages.map((page) => ({ text: `${api}: ${page.text}`, link: page.link })),
  ];
  return [address, [{ text, items }, ...others]];
}

const moreOf = (language: Language): Listed[] =>
  Object.entries(MORE).map(([name, source]) =>
    inList(TEXTS[language].sections[name as Section], addressOf(source), language),
  );

/** Pages that a table lists. */
const listed = (source: string, text: (row: Row) => string, language: Language): Listed[] =>
  rowsOf(source).map((row) => inList(text(row), addressIn(source, row.link), language));

/** Address of what a table lists. */
function addressIn(source: string, link: string): string {
  const target = targetOf(source, link);
  if (!('address' in target)) throw new Error(`${source} lists ${link}, which is no page of the site`);
  return target.address;
}

/** A page as a list shows it, which says where it leads to English out of another language. */
const inList = (text: string, link: string, language: Language): Listed => ({
  text: `${escape(text)}${link.startsWith('/zh/') ? '' : TEXTS[language].inEnglish}`,
  link,
});

// A list's texts are HTML.
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
