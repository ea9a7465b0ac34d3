import { TABLES } from './plan.mjs';

const WORDS = {
  en: { attention: 'attention', parameters: 'parameters' },
  zh: { attention: '注意力', parameters: '参数' },
};

/** A table of the guide in Markdown: what each seed gave, in the order of the seeds. */
export function tableOf(name, results, language) {
  const { rows, columns } = TABLES[name];
  const words = WORDS[language];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line([words.attention, words.parameters, ...columns.map((column) => column[language])]),
    line(['---', '--:', ...columns.map(() => '--:')]),
    ...rows.map((row) => {
      const runs = results[row.name];
      const cell = ({ key, write }) =>
        runs.some(({ figures }) => key in figures) ? runs.map(({ figures }) => write(figures[key])).join(', ') : '–';
      return line([`\`${row.name}\``, runs[0].parameters.toLocaleString('en'), ...columns.map(cell)]);
    }),
  ].join('\n');
}
