import type { AttentionMap as Map } from '@heed/heatmap';
import { withBase } from 'vitepress';
import { defineComponent, h, onMounted, ref } from 'vue';

/** Maps that scripts/readme-picture.mjs writes, by the names of the pictures beside them. */
const MAPS: Readonly<Record<string, () => Promise<{ readonly maps: readonly Map[] }>>> = {
  attention: () => import('../../../../docs/attention.json'),
  'attention.zh-CN': () => import('../../../../docs/attention.zh-CN.json'),
};

/** An attention map to be explored; without JavaScript its picture. */
export const AttentionMap = defineComponent({
  props: {
    name: { type: String, required: true },
    alt: { type: String, required: true },
  },
  setup(props) {
    const element = ref<HTMLElement & { map: Map }>();
    onMounted(async () => {
      const [{ defineAttentionHeatmap }, { maps }] = await Promise.all([
        import('@heed/heatmap/element'),
        MAPS[props.name]!(),
      ]);
      defineAttentionHeatmap();
      if (element.value) element.value.map = maps[0]!;
    });
    return () =>
      h('attention-heatmap', { ref: element }, [
        h('img', { src: withBase(`/docs/${props.name}.svg`), alt: props.alt }),
      ]);
  },
});
