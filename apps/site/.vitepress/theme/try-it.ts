import { useData, withBase } from 'vitepress';
import { computed, defineComponent, h, ref } from 'vue';

const TEXTS = {
  en: { lead: 'The model of this guide runs in your browser.', start: 'Try it here', title: 'The model of this guide' },
  'zh-CN': { lead: '本篇的模型可以在你的浏览器里运行。', start: '在此试用', title: '本篇的模型' },
} as const;

/** Box in which a view of the playground opens, with a guide's model, when it is asked for; without JavaScript a link to the playground. */
export const TryIt = defineComponent({
  props: { fields: { type: String, required: true } },
  setup(props) {
    const { lang } = useData();
    const texts = computed(() => TEXTS[lang.value as keyof typeof TEXTS]);
    const started = ref(false);
    const address = computed(() => `${withBase('/play/')}#1?${props.fields}`);
    const start = (event: MouseEvent): void => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      started.value = true;
    };
    return () =>
      started.value
        ? h('iframe', { class: 'try-it', src: `${address.value}&bare=1`, title: texts.value.title })
        : h('p', { class: 'try-it' }, [
            `${texts.value.lead} `,
            h('a', { href: address.value, target: '_self', onClick: start }, texts.value.start),
          ]);
  },
});
