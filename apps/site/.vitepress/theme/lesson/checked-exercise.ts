import { defineComponent, h, onMounted, ref, renderSlot, type VNode } from 'vue';
import { isRight } from '../../../lessons/exercise.js';
import { useLessonTexts } from './texts.js';

/** A question with a field or choices, whose answer is checked here; without JavaScript, with an answer to open. */
export const CheckedExercise = defineComponent({
  props: {
    id: { type: String, required: true },
    answer: { type: String, required: true },
    /** Letters of the choices; '' where the answer is a number. */
    choices: { type: String, required: true },
  },
  setup(props, { slots }) {
    const texts = useLessonTexts();
    const given = ref('');
    const said = ref<'right' | 'wrong' | 'empty'>();
    const isOpen = ref(false);
    const canCheck = ref(false);
    onMounted(() => (canCheck.value = true));

    function check(event: Event): void {
      event.preventDefault();
      if (given.value.trim() === '') said.value = 'empty';
      else said.value = isRight(given.value, props.answer) ? 'right' : 'wrong';
      if (said.value === 'right') isOpen.value = true;
    }
    function take({ target }: Event): void {
      given.value = (target as HTMLInputElement).value;
      said.value = undefined;
    }

    function toggled({ target }: Event): void {
      isOpen.value = (target as HTMLDetailsElement).open;
    }

    const listed = (): VNode =>
      h(
        'ul',
        [...props.choices].map((letter) => h('li', [`${letter}) `, renderSlot(slots, letter)])),
      );
    const chosen = (): VNode =>
      h('fieldset', [
        h('legend', texts.value.choose),
        ...[...props.choices].map((value) =>
          h('label', [
            h('input', { type: 'radio', name: props.id, value, checked: given.value === value, onChange: take }),
            h('span', [renderSlot(slots, value)]),
          ]),
        ),
      ]);
    const typed = (): VNode =>
      h('label', [
        `${texts.value.field} `,
        h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', value: given.value, onInput: take }),
      ]);
    const form = (): VNode =>
      h('form', { onSubmit: check }, [
        props.choices === '' ? typed() : chosen(),
        h('button', { type: 'submit' }, texts.value.check),
        h('span', { role: 'status', class: said.value }, said.value && texts.value[said.value]),
      ]);

    return () =>
      h('div', { class: 'exercise', id: props.id, role: 'group', 'aria-label': texts.value.exercise }, [
        renderSlot(slots, 'default'),
        canCheck.value ? form() : props.choices !== '' && listed(),
        h('details', { open: isOpen.value, onToggle: toggled }, [
          h('summary', texts.value.answer),
          renderSlot(slots, 'answer'),
        ]),
      ]);
  },
});
