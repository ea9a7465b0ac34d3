import { useData, withBase, type DefaultTheme } from 'vitepress';
import { computed, defineComponent, h } from 'vue';

/** The menu once more at the end of a page, where it works without JavaScript and on any width. */
export const PageEnd = defineComponent(() => {
  const { theme } = useData<DefaultTheme.Config>();
  const links = computed(() =>
    (theme.value.nav ?? []).flatMap((item) =>
      'items' in item ? (item.items as DefaultTheme.NavItemWithLink[]) : [item],
    ),
  );
  return () =>
    h(
      'nav',
      { class: 'page-end', 'aria-label': 'Heed' },
      links.value.map((item) => {
        const { text, link, target } = item as DefaultTheme.NavItemWithLink;
        return h('a', { href: withBase(link as string), target }, text);
      }),
    );
});
