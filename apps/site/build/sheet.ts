import type { MarkdownRenderer } from 'vitepress';
import type { Exercise } from '../lessons/exercise.js';
import { stepsOf, type Step, type StepTable } from '../lessons/step.js';
import { lessonsOf } from './lesson-pages.js';
import type { Language } from './texts.js';

/** Where a page has the questions of all lessons, to be printed. */
const PLACE = /^<!-- sheet: questions, then answers -->$/m;

const TITLES = {
  en: { questions: 'Attention: questions', answers: 'Attention: answers' },
  zh: { questions: '注意力：练习题', answers: '注意力：答案' },
} as const;

/** Plugin of markdown-it: writes the printable sheet, a page of questions and one of answers, where the page for teachers has its place. */
export function sheet(md: MarkdownRenderer): void {
  md.core.ruler.before('normalize', 'sheet', (state) => {
    if (!PLACE.test(state.src)) return;
    const { relativePath } = state.env as { readonly relativePath: string };
    state.src = state.src.replace(PLACE, () => sheetOf(relativePath.startsWith('zh/') ? 'zh' : 'en'));
  });
}

/** The sheet as Markdown. Exercises are counted through all lessons. */
function sheetOf(language: Language): string {
  const titles = TITLES[language];
  let count = 0;
  const lessons = lessonsOf(language).map(({ title, file, text, exercises }) => ({
    title,
    file,
    text,
    numbered: exercises.map((exercise) => [(count += 1), exercise] as const),
  }));
  const part = (kind: 'questions' | 'answers', write: (exercise: Exercise) => string): string => {
    const written = lessons.map(({ title, file, text, numbered }) => {
      const items = numbered.map(([n, exercise]) => `${n}. ${write(exercise)}`);
      const given = kind === 'questions' ? stepsOf(text).map((step) => ` <small>${givenOf(step)}</small>`) : [];
      return `**[${title}](${file})**${given.join(';')}\n\n${items.join('\n')}\n`;
    });
    return `<section class="sheet-${kind}">\n\n**${titles[kind]}**\n\n${written.join('\n')}\n</section>\n`;
  };
  const questions = part('questions', (one) => `${oneLine(one.question)}${choicesOf(one)}`);
  const answers = part('answers', (one) => oneLine(one.explanation));
  return `<div class="sheet">\n\n${questions}\n${answers}\n</div>\n`;
}

/** Numbers and formulas of a step in a line, for those who have paper alone: 'w = (6, 3, 1); c = Σ α v'. */
const givenOf = ({ tables }: Step): string =>
  tables.map((table) => (table.isGiven ? `${table.symbol} = ${rowsOf(table)}` : table.heading)).join('; ');

const rowsOf = ({ rows }: StepTable): string =>
  rows.map(({ label, numbers }) => `${label} (${numbers.join(', ')})`.trim().replaceAll('-', '−')).join(', ');

/** Choices behind the question, to fit the sheet. */
const choicesOf = ({ choices }: Exercise): string =>
  Object.entries(choices)
    .map(([letter, text]) => ` (${letter}) ${text}`)
    .join('');

const oneLine = (markdown: string): string => markdown.replaceAll(/\s*\n\s*/g, '\n   ');
