import { useData } from 'vitepress';
import { defineComponent, h } from 'vue';
import { AttentionMap } from './attention-map.js';

/** The map of the first page, which the page names with what to say of it. */
export const HomeMap = defineComponent(() => {
  const { frontmatter } = useData<{
    readonly map: { readonly name: string; readonly alt: string; readonly caption: string };
  }>();
  return () => {
    const { name, alt, caption } = frontmatter.value['map'];
    return h('figure', { class: 'home-map' }, [h(AttentionMap, { name, alt }), h('figcaption', caption)]);
  };
});
