import type { TranslateExample } from '@heed/datasets';
import { corpusBleu, corpusChrf } from '@heed/metrics';
import type { Judgement, Metric } from '../task.js';

const LANGUAGES = [
  { language: 'fr', key: 'Fr', name: 'French', tokenization: '13a' },
  { language: 'de', key: 'De', name: 'German', tokenization: '13a' },
  { language: 'zh', key: 'Zh', name: 'Chinese', tokenization: 'zh' },
] as const;

export const metrics: readonly Metric[] = [
  {
    key: 'bleu',
    label: 'BLEU, mean',
    format: 'number',
    better: 'higher',
    meaning: 'runs of one to four words that a reference has too, from 0 to 100',
  },
  {
    key: 'chrf',
    label: 'chrF2, mean',
    format: 'number',
    better: 'higher',
    meaning: 'the same of one to six characters',
  },
  ...LANGUAGES.flatMap(({ key, name }): Metric[] => [
    { key: `bleu${key}`, label: `BLEU, ${name}`, format: 'number', better: 'higher' },
    { key: `chrf${key}`, label: `chrF2, ${name}`, format: 'number', better: 'higher' },
  ]),
  { key: 'exact', label: 'same as a reference', format: 'share', better: 'higher' },
];

/** Judgement of translations: BLEU and chrF2 of each language, and their means over the languages of the examples. */
export function judgement(examples: readonly TranslateExample[], outputs: readonly string[]): Judgement {
  const figures: Record<string, number> = {};
  const means = { bleu: [] as number[], chrf: [] as number[] };
  for (const { language, key, tokenization } of LANGUAGES) {
    const numbers = examples.flatMap((example, n) => (example.language === language ? [n] : []));
    if (numbers.length === 0) continue;
    const found = numbers.map((n) => outputs[n]);
    const references = numbers.map((n) => examples[n].references);
    const { score, brevityPenalty } = corpusBleu(found, references, { tokenization });
    const chrf = corpusChrf(found, references);
    Object.assign(figures, { [`bleu${key}`]: score, [`chrf${key}`]: chrf, [`brevityPenalty${key}`]: brevityPenalty });
    means.bleu.push(score);
    means.chrf.push(chrf);
  }
  const exact = examples.filter(({ references }, n) => references.includes(outputs[n])).length;
  return {
    examples: examples.length,
    figures: {
      bleu: mean(means.bleu),
      chrf: mean(means.chrf),
      exact: exact / examples.length,
      ...figures,
    },
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
