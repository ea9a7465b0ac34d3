import { computed, defineComponent, h, inject, renderSlot, type VNode } from 'vue';
import { LiveMap } from './live-map.js';
import { LIVE } from './live.js';
import { useLessonTexts } from './texts.js';

/** Tables whose rows are shares, which a map shows too. */
const isShares = (symbol: string): boolean => symbol.startsWith('α');

/** A table of a step: as written, and when the step has been started with fields, or with what is computed. */
export const StepTable = defineComponent({
  props: { symbol: { type: String, required: true } },
  setup(props, { slots }) {
    const live = inject(LIVE)!;
    const texts = useLessonTexts();
    const table = live.tables.find(({ symbol }) => symbol === props.symbol)!;
    const { heading, columns, rows, digits, isGiven } = table;
    const results = computed(() => live.results.value[props.symbol]);

    const field = (row: number, column: number): VNode =>
      h('input', {
        type: 'number',
        step: 'any',
        value: live.fields.value![props.symbol]![row]![column],
        'aria-label': texts.value.cell(heading, rows[row]!.label, columns[column]!),
        onInput: ({ target }: Event) => live.set(props.symbol, row, column, (target as HTMLInputElement).value),
      });
    const cell = (row: number, column: number): VNode | string | undefined =>
      isGiven ? field(row, column) : results.value?.[row]![column]!.toFixed(digits);

    return () =>
      live.fields.value === undefined
        ? renderSlot(slots, 'default')
        : [
            // As the tables of Markdown: what is wider than the page can be scrolled by keys, and an empty heading is none.
            h('table', { class: isGiven ? 'given' : 'computed', tabindex: 0 }, [
              h(
                'thead',
                h(
                  'tr',
                  [heading, ...columns].map((text) => h(text === '' ? 'td' : 'th', text)),
                ),
              ),
              h(
                'tbody',
                rows.map(({ label }, row) =>
                  h('tr', [h('td', label), ...columns.map((_, column) => h('td', [cell(row, column)]))]),
                ),
              ),
            ]),
            isShares(props.symbol) && results.value && h(LiveMap, { table, weights: results.value }),
          ];
  },
});
