import { useData } from 'vitepress';
import { computed, type ComputedRef } from 'vue';

const english = {
  step: 'Worked example',
  start: 'Change the numbers',
  opening: 'Heed is being loaded …',
  again: 'As it was',
  failed: 'Heed could not be loaded. Reload the page to try once more.',
  notANumber: 'Each field needs a number.',
  noResult: 'These numbers have no result.',
  cell: (table: string, row: string, column: string) => [table, row, column].filter((part) => part !== '').join(', '),
  from: 'from',
  to: 'to',
  exercise: 'Exercise',
  field: 'Your answer, a number',
  choose: 'Your answer',
  check: 'Check',
  right: 'Right.',
  wrong: 'Not yet. Try again, or open the answer.',
  empty: 'Give an answer first.',
  answer: 'Answer',
};

export type LessonTexts = typeof english;

const chinese: LessonTexts = {
  step: '算例',
  start: '改一改数字',
  opening: '正在载入 Heed……',
  again: '恢复原样',
  failed: '未能载入 Heed。请重新加载页面再试。',
  notANumber: '每一格都要填一个数。',
  noResult: '这些数字没有结果。',
  cell: english.cell,
  from: '来自',
  to: '给',
  exercise: '练习',
  field: '你的答案（一个数）',
  choose: '你的答案',
  check: '检查',
  right: '对了。',
  wrong: '还不对。再试一次，或者打开答案。',
  empty: '请先作答。',
  answer: '答案',
};

/** What lessons say by themselves, in the language of the page. */
export function useLessonTexts(): ComputedRef<LessonTexts> {
  const { lang } = useData();
  return computed(() => (lang.value.startsWith('zh') ? chinese : english));
}
