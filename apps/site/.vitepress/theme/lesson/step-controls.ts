import { defineComponent, h, inject, onMounted, ref, type VNode } from 'vue';
import { LIVE } from './live.js';
import { useLessonTexts } from './texts.js';

/** Button of a step, and what the step says; nothing where JavaScript isn't run, as the button would do nothing. */
export const StepControls = defineComponent(() => {
  const { tables, fields, results, said, start, reset } = inject(LIVE)!;
  const texts = useLessonTexts();
  const isMounted = ref(false);
  onMounted(() => (isMounted.value = true));
  /** The last result, for those who hear the page: whoever sees it sees the tables. */
  const heard = (): VNode | undefined => {
    const { symbol, digits } = tables.findLast(({ isGiven }) => !isGiven)!;
    const rows = results.value[symbol]?.map((row) => row.map((number) => number.toFixed(digits)).join(', '));
    return rows && h('span', { class: 'visually-hidden' }, `${symbol} = ${rows.join('; ')}`);
  };
  return () => {
    if (!isMounted.value) return undefined;
    const isLive = fields.value !== undefined;
    const button = { type: 'button', disabled: said.value === 'opening', onClick: isLive ? reset : start };
    return h('p', { class: 'controls' }, [
      h('button', button, isLive ? texts.value.again : texts.value.start),
      h('span', { role: 'status' }, said.value === undefined ? [heard()] : texts.value[said.value]),
    ]);
  };
});
