import type { PairExample, Unit } from '@heed/datasets';
import { corpusBleu, corpusChrf, errorRates, monotonicity, outputErrors } from '@heed/metrics';
import type { Judgement, Metric } from '../task.js';

export const pairMetrics: readonly Metric[] = [
  {
    key: 'exact',
    label: 'exact match',
    format: 'share',
    better: 'higher',
    meaning: 'outputs that are the same as a target of their source',
  },
  {
    key: 'symbolErrorRate',
    label: 'symbol error',
    format: 'share',
    better: 'lower',
    meaning: 'units to change, put in or take out, of all units of the targets',
  },
  {
    key: 'chrf',
    label: 'chrF2',
    format: 'number',
    better: 'higher',
    meaning: 'runs of one to six characters that a target has too, from 0 to 100',
  },
  {
    key: 'bleu',
    label: 'BLEU',
    format: 'number',
    better: 'higher',
    meaning: 'runs of one to four words that a target has too, from 0 to 100',
  },
  {
    key: 'monotonicity',
    label: 'order of attention',
    format: 'number',
    better: 'higher',
    meaning: '1 where attention moves through the source from first to last',
  },
];

/** Output for an example: its units and their text, and what each unit attended to, from a model that attends. */
export interface PairOutput {
  readonly units: readonly string[];
  readonly text: string;
  readonly weights?: readonly Float32Array[] | undefined;
}

/** Judgement of the outputs of examples, in the same order. BLEU is of words, and left out where targets are characters. */
export function judgePairs(examples: readonly PairExample[], outputs: readonly PairOutput[], unit: Unit): Judgement {
  if (examples.length === 0) return { examples: 0, figures: {} };
  const references = examples.map((example) => example.references);
  const texts = outputs.map(({ text }) => text);
  const exact = references.filter((right, n) => right.includes(texts[n])).length;
  const rates = errorRates(examples.map(({ targets }, n) => outputErrors(outputs[n].units, targets)));
  const walks = outputs.flatMap(({ weights }) => (weights && monotonicity(weights)) ?? []);
  return {
    examples: examples.length,
    figures: {
      exact: exact / examples.length,
      symbols: rates.tokens,
      symbolErrors: rates.tokenErrors,
      symbolErrorRate: rates.tokenErrorRate,
      chrf: corpusChrf(texts, references),
      ...(unit !== 'characters' && {
        bleu: corpusBleu(texts, references, { tokenization: references.some(isHan) ? 'zh' : '13a' }).score,
      }),
      ...(walks.length > 0 && { monotonicity: walks.reduce((sum, tau) => sum + tau, 0) / walks.length }),
    },
  };
}

const isHan = (texts: readonly string[]): boolean => texts.some((text) => /\p{Script=Han}/u.test(text));
