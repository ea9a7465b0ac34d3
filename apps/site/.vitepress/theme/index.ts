import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
import { HomeMap } from './home-map.js';
import { PageEnd } from './page-end.js';
import { TryIt } from './try-it.js';
import './style.css';

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => void app.component('TryIt', TryIt),
  Layout: () => h(DefaultTheme.Layout, null, { 'home-hero-image': () => h(HomeMap), 'doc-after': () => h(PageEnd) }),
} satisfies Theme;
