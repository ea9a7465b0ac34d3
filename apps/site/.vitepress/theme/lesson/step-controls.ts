import { defineComponent, h, inject, onMounted, ref } from 'vue';
import { LIVE } from './live.js';
import { useLessonTexts } from './texts.js';

/** Button of a step, and what the step says; nothing where JavaScript isn't run, as the button would do nothing. */
export const StepControls = defineComponent(() => {
  const { fields, said, start, reset } = inject(LIVE)!;
  const texts = useLessonTexts();
  const isMounted = ref(false);
  onMounted(() => (isMounted.value = true));
  return () => {
    if (!isMounted.value) return undefined;
    const isLive = fields.value !== undefined;
    const button = { type: 'button', disabled: said.value === 'opening', onClick: isLive ? reset : start };
    return h('p', { class: 'controls' }, [
      h('button', button, isLive ? texts.value.again : texts.value.start),
      h('span', { role: 'status' }, said.value && texts.value[said.value]),
    ]);
  };
});
