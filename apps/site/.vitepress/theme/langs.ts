import { useData } from 'vitepress';
import { computed, type ComputedRef } from 'vue';

interface Link {
  readonly text: string;
  readonly link: string;
}

interface Languages {
  readonly localeLinks: ComputedRef<Link[]>;
  readonly currentLang: ComputedRef<{ readonly label: string | undefined; readonly link: string }>;
}

/** Languages of the site: this one, and the others, each with where the page is in it, or else with its first page. */
export function useLangs({ correspondingLink = false } = {}): Languages {
  const { site, localeIndex, frontmatter, hash } = useData();
  const home = (locale: string): string => (locale === 'root' ? '/' : `/${locale}/`);
  const twin = computed(() => frontmatter.value['twin'] as string | undefined);
  return {
    currentLang: computed(() => ({
      label: site.value.locales[localeIndex.value]?.label,
      link: home(localeIndex.value),
    })),
    localeLinks: computed(() =>
      Object.entries(site.value.locales)
        .filter(([locale]) => locale !== localeIndex.value)
        .map(([locale, { label }]) => ({
          text: label,
          link: correspondingLink && twin.value !== undefined ? `${twin.value}${hash.value}` : home(locale),
        })),
    ),
  };
}
