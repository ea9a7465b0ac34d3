import { Content } from 'vitepress';
import { VPHomeContent, VPHomeFeatures, VPHomeHero } from 'vitepress/theme-without-fonts';
import { defineComponent, h } from 'vue';
import { PageEnd } from './page-end.js';

/** First page, as the theme's own, but a landmark. */
export default defineComponent(
  (_, { slots }) =>
    () =>
      h('main', { class: 'VPHome' }, [
        h(VPHomeHero, null, { 'home-hero-image': slots['home-hero-image'] }),
        h(VPHomeFeatures),
        h(VPHomeContent, null, () => [h(Content), h(PageEnd)]),
      ]),
);
