import type { AttentionMap as Map } from '@heed/heatmap';
import type { AttentionHeatmap } from '@heed/heatmap/element';
import { useData, withBase } from 'vitepress';
import { defineComponent, h, onMounted, ref, type PropType } from 'vue';

/** Maps that scripts/readme-picture.mjs writes, by the names of the pictures beside them. */
const MAPS: Readonly<Record<string, () => Promise<{ readonly maps: readonly Map[] }>>> = {
  attention: () => import('../../../../docs/attention.json'),
  'attention.zh-CN': () => import('../../../../docs/attention.zh-CN.json'),
};

/** What a page says of a map of `MAPS`. */
export interface Shown {
  readonly name: string;
  /** Text for those who don't see its picture. */
  readonly alt: string;
  /** Names of its axes in the page's language. */
  readonly axes?: Pick<Map, 'rowAxis' | 'columnAxis'>;
}

/** An attention map to be explored; without JavaScript its picture. */
export const AttentionMap = defineComponent({
  props: { of: { type: Object as PropType<Shown>, required: true } },
  setup(props) {
    const { lang } = useData();
    const element = ref<AttentionHeatmap>();
    onMounted(async () => {
      const [{ defineAttentionHeatmap, HEATMAP_CHINESE }, { maps }] = await Promise.all([
        import('@heed/heatmap/element'),
        MAPS[props.of.name]!(),
      ]);
      defineAttentionHeatmap();
      if (element.value === undefined) return;
      if (lang.value.startsWith('zh')) element.value.words = HEATMAP_CHINESE;
      element.value.map = { ...maps[0]!, ...props.of.axes };
    });
    return () =>
      h('attention-heatmap', { ref: element }, [
        h('img', { src: withBase(`/docs/${props.of.name}.svg`), alt: props.of.alt }),
      ]);
  },
});
