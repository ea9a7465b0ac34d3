import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
import { HomeMap } from './home-map.js';
import { CheckedExercise } from './lesson/checked-exercise.js';
import { LiveStep } from './lesson/live-step.js';
import { StepTable } from './lesson/step-table.js';
import { PageEnd } from './page-end.js';
import { TryIt } from './try-it.js';
import './style.css';
import './lesson/style.css';
import './lesson/print.css';

/** Components that pages are given by plugins of markdown-it, under these names. */
const IN_PAGES = { TryIt, LiveStep, StepTable, CheckedExercise };

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    for (const [name, component] of Object.entries(IN_PAGES)) app.component(name, component);
  },
  Layout: () => h(DefaultTheme.Layout, null, { 'home-hero-image': () => h(HomeMap), 'doc-after': () => h(PageEnd) }),
} satisfies Theme;
