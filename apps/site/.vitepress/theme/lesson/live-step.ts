import { defineComponent, h, provide, renderSlot } from 'vue';
import type { StepTable } from '../../../lessons/step.js';
import { LIVE, liveStep } from './live.js';
import { StepControls } from './step-controls.js';
import { useLessonTexts } from './texts.js';

/** A worked example whose numbers can be changed: what follows from them is computed by Heed itself, which is loaded when one asks for that. */
export const LiveStep = defineComponent({
  props: { op: { type: String, required: true }, tables: { type: String, required: true } },
  setup(props, { slots }) {
    const texts = useLessonTexts();
    provide(LIVE, liveStep(props.op, JSON.parse(props.tables) as readonly StepTable[]));
    return () =>
      h('div', { class: 'live-step', role: 'group', 'aria-label': texts.value.step }, [
        renderSlot(slots, 'default'),
        h(StepControls),
      ]);
  },
});
