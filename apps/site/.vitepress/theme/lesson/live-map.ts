import type { AttentionHeatmap } from '@heed/heatmap/element';
import { useData } from 'vitepress';
import { defineComponent, h, onMounted, ref, watchEffect, type PropType } from 'vue';
import type { StepTable } from '../../../lessons/step.js';
import { useLessonTexts } from './texts.js';

/** Shares as a map, which follows what the reader changes. */
export const LiveMap = defineComponent({
  props: {
    table: { type: Object as PropType<StepTable>, required: true },
    weights: { type: Array as PropType<readonly (readonly number[])[]>, required: true },
  },
  setup(props) {
    const { lang } = useData();
    const texts = useLessonTexts();
    const element = ref<AttentionHeatmap>();
    const isReady = ref(false);
    onMounted(async () => {
      const { defineAttentionHeatmap, HEATMAP_CHINESE } = await import('@heed/heatmap/element');
      defineAttentionHeatmap();
      if (element.value && lang.value.startsWith('zh')) element.value.words = HEATMAP_CHINESE;
      isReady.value = true;
    });
    watchEffect(
      () => {
        const { table, weights } = props;
        if (!isReady.value || element.value === undefined) return;
        element.value.domain = [0, 1];
        element.value.map = {
          weights,
          rowLabels: table.rows.map(({ label }) => label || table.symbol),
          columnLabels: table.columns,
          rowAxis: texts.value.to,
          columnAxis: texts.value.from,
        };
      },
      { flush: 'post' },
    );
    return () => h('attention-heatmap', { ref: element });
  },
});
