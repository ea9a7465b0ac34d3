import { useData } from 'vitepress';
import { defineComponent, h } from 'vue';
import { AttentionMap, type Shown } from './attention-map.js';

/** The map of the first page, which the page names with what to say of it. */
export const HomeMap = defineComponent(() => {
  const { frontmatter } = useData();
  return () => {
    const map = frontmatter.value['map'] as Shown & { readonly caption: string };
    return h('figure', { class: 'home-map' }, [h(AttentionMap, { of: map }), h('figcaption', map.caption)]);
  };
});
