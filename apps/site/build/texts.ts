import type { DefaultTheme } from 'vitepress';

/** What the site says by itself in a language, beside its pages. */
interface Texts {
  readonly label: string;
  readonly lang: string;
  readonly description: string;
  /** Titles of sections, in menus and above lists of pages. */
  readonly sections: Readonly<Record<Section, string>>;
  /** What stands behind the title of a page that is in English alone. */
  readonly inEnglish: string;
  readonly theme: DefaultTheme.Config;
  readonly search: DefaultTheme.LocalSearchOptions['translations'];
}

export type Section =
  | 'overview'
  | 'guides'
  | 'lessons'
  | 'teachers'
  | 'packages'
  | 'api'
  | 'more'
  | 'playground'
  | MorePage;

/** Pages that no table lists. */
export const MORE = {
  results: 'docs/results.md',
  conformance: 'docs/conformance/README.md',
  benchmarks: 'bench/README.md',
  errors: 'docs/errors.md',
  decisions: 'docs/decisions/README.md',
  architecture: 'ARCHITECTURE.md',
  contributing: 'CONTRIBUTING.md',
  examples: 'examples/README.md',
  vectors: 'vectors/README.md',
} as const;
type MorePage = keyof typeof MORE;

const english: Texts = {
  label: 'English',
  lang: 'en',
  description: 'Attention for JavaScript that trains and runs on any backend, with proof that the backends agree.',
  sections: {
    overview: 'Overview',
    guides: 'Guides',
    lessons: 'Attention, step by step',
    teachers: 'For teachers',
    packages: 'Packages',
    api: 'API',
    more: 'More',
    playground: 'Playground',
    results: 'Results',
    conformance: 'What works where',
    benchmarks: 'Benchmarks',
    errors: 'Error codes',
    decisions: 'Decisions',
    architecture: 'Architecture',
    contributing: 'Contributing, glossary',
    examples: 'Examples',
    vectors: 'Other people’s numbers',
  },
  inEnglish: '',
  theme: {},
  search: {},
};

const chinese: Texts = {
  label: '简体中文',
  lang: 'zh-CN',
  description: 'JavaScript 的注意力库：可在任意后端上训练和运行，并证明各后端结果一致。',
  sections: {
    overview: '概览',
    guides: '指南',
    lessons: '一步步看懂注意力',
    teachers: '给教师',
    packages: '各个包',
    api: 'API',
    more: '更多',
    playground: '演示页面',
    results: '结果',
    conformance: '何处支持什么',
    benchmarks: '性能测试',
    errors: '错误代码',
    decisions: '设计决定',
    architecture: '架构',
    contributing: '参与贡献、术语表',
    examples: '示例',
    vectors: '他人的数值',
  },
  inEnglish: '（英文）',
  theme: {
    outline: { label: '本页内容' },
    docFooter: { prev: '上一页', next: '下一页' },
    darkModeSwitchLabel: '外观',
    lightModeSwitchTitle: '切换到浅色',
    darkModeSwitchTitle: '切换到深色',
    sidebarMenuLabel: '目录',
    returnToTopLabel: '回到顶部',
    langMenuLabel: '切换语言',
    skipToContentLabel: '跳到正文',
    notFound: { title: '没有这个页面', quote: '', linkText: '回到首页', linkLabel: '回到首页' },
  },
  search: {
    button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
    modal: {
      displayDetails: '显示详情',
      resetButtonTitle: '清除',
      backButtonTitle: '关闭搜索',
      noResultsText: '没有结果：',
      footer: {
        selectText: '打开',
        selectKeyAriaLabel: '回车',
        navigateText: '移动',
        navigateUpKeyAriaLabel: '上箭头',
        navigateDownKeyAriaLabel: '下箭头',
        closeText: '关闭',
        closeKeyAriaLabel: 'Esc',
      },
    },
  },
};

export const TEXTS = { en: english, zh: chinese } as const;
export type Language = keyof typeof TEXTS;
