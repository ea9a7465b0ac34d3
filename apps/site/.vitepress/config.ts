import { fileURLToPath } from 'node:url';
import { defineConfig, type DefaultTheme, type LocaleSpecificConfig } from 'vitepress';
import { accessible } from '../build/accessible.js';
import { again } from '../build/again.js';
import { chinese } from '../build/chinese.js';
import { collect, FOLDER } from '../build/collect.js';
import { BASE, REPOSITORY } from '../build/hosting.js';
import { exercises } from '../build/exercises.js';
import { isOfLessons } from '../build/lesson-pages.js';
import { repositoryLinks } from '../build/links.js';
import { navOf, sidebarOf } from '../build/menus.js';
import { pageOf, twinOf } from '../build/pages.js';
import { takePlayground } from '../build/play.js';
import { search } from '../build/search.js';
import { sheet } from '../build/sheet.js';
import { slug } from '../build/slug.js';
import { steps } from '../build/steps.js';
import { tryIt } from '../build/try-it.js';
import { TEXTS, type Language } from '../build/texts.js';

collect();

export default defineConfig({
  title: 'Heed',
  base: BASE,
  srcDir: FOLDER,
  outDir: fileURLToPath(new URL('../dist', import.meta.url)),
  locales: { root: locale('en'), zh: locale('zh') },
  head: [['link', { rel: 'icon', href: `${BASE}icon.svg` }]],
  // Where pages are is then no part of each page.
  metaChunk: true,
  router: { prefetchLinks: false },
  // The playground is put beside the pages when they are built; of the other, guides tell where it will be served.
  ignoreDeadLinks: [/^\/play\//, /^http:\/\/localhost:/],
  themeConfig: {
    search,
    outline: { level: [2, 3] },
    externalLinkIcon: true,
    ...(REPOSITORY && { socialLinks: [{ icon: 'github', link: REPOSITORY }] }),
  },
  markdown: {
    anchor: { slugify: slug },
    headers: { slugify: slug },
    languageAlias: { cjs: 'js' },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) =>
      void md
        .use(repositoryLinks(REPOSITORY))
        .use(sheet)
        .use(accessible)
        .use(chinese)
        .use(tryIt)
        .use(steps)
        .use(exercises),
  },
  transformPageData(data) {
    const page = pageOf(data.relativePath);
    const twin = page && twinOf(page);
    if (twin) data.frontmatter['twin'] = `/${twin.path}`;
    if (page && isOfLessons(page.source)) Object.assign(data.frontmatter, { prev: false, next: false });
  },
  buildEnd: ({ outDir }) => takePlayground(outDir),
  vue: { template: { compilerOptions: { isCustomElement: (name) => name === 'attention-heatmap' } } },
  vite: {
    plugins: [again],
    resolve: {
      alias: [
        // The theme's own supposes that every page is there in every language.
        instead('/composables/langs', 'langs.ts'),
        // The theme's own is no landmark.
        instead('/VPHome.vue', 'home.ts'),
      ],
    },
  },
});

function locale(language: Language): LocaleSpecificConfig<DefaultTheme.Config> & { label: string } {
  const { label, lang, description, theme } = TEXTS[language];
  return { label, lang, description, themeConfig: { ...theme, nav: navOf(language), sidebar: sidebarOf(language) } };
}

/** Replaces a part of the default theme, as https://vitepress.dev/guide/extending-default-theme says. */
function instead(part: string, own: string): { find: RegExp; replacement: string } {
  const find = new RegExp(`^.*${part.replaceAll('.', '\\.')}$`);
  return { find, replacement: fileURLToPath(new URL(`theme/${own}`, import.meta.url)) };
}
