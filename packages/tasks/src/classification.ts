import { HeedError } from '@heed/core';
import type { ClassifiedDataset, ClassifiedText } from '@heed/datasets';
import { classificationReport } from '@heed/metrics';
import type { Classification, Classifier, classifier } from '@heed/networks';
import { shortest, type AttentionMap } from '@heed/heatmap';
import { choiceEvidence } from './evidence.js';
import { inBatches } from './in-batches.js';
import { logProbability } from './log-probability.js';
import type { Answer, Baseline, Judgement, JudgeOptions, Preset } from './task.js';

/** Input of a classifier: a text, with the words of its sentences. */
export type ClassifierInput = Pick<ClassifiedText, 'text' | 'sentences'>;

/** Function that computes the figures of a classifying task from predicted and true classes. */
export type FiguresOf = (classes: readonly string[], results: readonly Result[]) => Readonly<Record<string, number>>;

interface Result {
  readonly label: string;
  readonly expected: string;
}

/** The class that a model told, and those that it chose among. */
interface Outcome {
  readonly label: string;
  readonly classes: readonly string[];
}

// Examples between two reports of progress, where the work can be stopped.
const BATCH_SIZE = 256;

/**
 * Common parts of the tasks that classify texts.
 *
 * @param classes  names of all classes; by default those of the texts to train on
 * @param positive class whose F1 is the figure `f1`; by default there is no such figure
 */
export function classifying(classes?: readonly string[], positive?: string) {
  const figures = figuresFor(positive);
  return {
    plain: 'mean',
    options: [],
    configure({ model }: Preset<typeof classifier>, { symbols, classes }: ClassifiedDataset, seed: number) {
      return { ...model, symbols, classes, seed };
    },
    async outcomes(model: Classifier, examples: readonly ClassifiedText[], options: JudgeOptions = {}) {
      const { classes } = model.config;
      const found = await inBatches(examples, BATCH_SIZE, options, (batch) => model.classify(batch));
      return found.map(({ label }): Outcome => ({ label, classes }));
    },
    figures(examples: readonly ClassifiedText[], outcomes: readonly Outcome[]) {
      const results = outcomes.map(({ label }, n) => ({ label, expected: examples[n].label }));
      return { examples: results.length, figures: figures(outcomes[0]?.classes ?? [], results) };
    },
    baselines: [mostCommonClass(classes, figures), naiveBayes(classes, figures)],
    write: ({ text }: ClassifierInput) => text,
    reads: ({ sentences }: ClassifierInput) => sentences.flat().join(' '),
    expected: ({ label }: ClassifiedText) => [label],
    async answer(model: Classifier, inputs: readonly ClassifierInput[]): Promise<Answer[]> {
      const found = await model.classify(inputs);
      return inputs.map((input, n) => answerOf(input, found[n], model.config.classes));
    },
  };
}

/** Figures of a classifying task: accuracy, errors, macro-averaged F1, and the F1 of one class under the key `f1`. */
export const figuresFor =
  (positive?: string): FiguresOf =>
  (classes, results) => {
    const { accuracy, errors, f1, macroF1 } = classificationReport(classes, results);
    return { accuracy, macroF1, ...(positive !== undefined && { f1: f1[positive] ?? 0 }), errors };
  };

/** Answer of a classifier: the class, its probability and those of the others, and the weights of words and sentences. */
function answerOf(
  { text, sentences }: ClassifierInput,
  { label, probabilities, words, sentences: ofSentences }: Classification,
  classes: readonly string[],
): Answer {
  const probability = probabilities[classes.indexOf(label)];
  return {
    output: label,
    evidence: choiceEvidence(probability),
    alternatives: classes
      .map((output, n) => ({ output, logProbability: logProbability(probabilities[n]) }))
      .filter(({ output }) => output !== label)
      .toSorted((a, b) => b.logProbability - a.logProbability),
    maps: words === undefined ? [] : mapsOf(sentences, words, ofSentences, `${label}, ${percent(probability)}`),
    details: {
      text,
      probability,
      probabilities: Object.fromEntries(classes.map((name, n) => [name, probabilities[n]])),
      sentences,
      wordWeights: words?.map((row) => Array.from(row, shortest)) ?? null,
      sentenceWeights: ofSentences === undefined ? null : Array.from(ofSentences, shortest),
    },
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

// Greatest number of sentences that get a map of their words: those with the greatest weights.
const MOST_SHOWN = 4;

/**
 * Maps of a classification: one of the words when the model reads the text as one sequence; else one of the sentences, and one of
 * the words of each of the sentences with the greatest weights.
 */
function mapsOf(
  sentences: ClassifierInput['sentences'],
  words: readonly Float32Array[],
  ofSentences: Float32Array | undefined,
  told: string,
): AttentionMap[] {
  if (ofSentences === undefined) {
    const weights = Float32Array.from(words.flatMap((row) => [...row]));
    return [
      {
        weights: [weights],
        rowLabels: [told],
        columnLabels: sentences.flat(),
        title: told,
        rowAxis: 'class',
        columnAxis: 'word',
      },
    ];
  }
  const over: AttentionMap = {
    weights: [ofSentences],
    rowLabels: [told],
    columnLabels: sentences.map((_, n) => String(n + 1)),
    title: `${told}: sentences`,
    rowAxis: 'class',
    columnAxis: 'sentence',
  };
  const heaviest = sentences
    .map((_, n) => n)
    .toSorted((a, b) => ofSentences[b] - ofSentences[a])
    .slice(0, MOST_SHOWN)
    .toSorted((a, b) => a - b);
  const within = heaviest.map((n): AttentionMap => ({
    weights: [words[n]],
    rowLabels: [`${n + 1}, ${percent(ofSentences[n])}`],
    columnLabels: sentences[n],
    title: `sentence ${n + 1}: words`,
    rowAxis: 'sentence',
    columnAxis: 'word',
  }));
  return [over, ...within];
}

/** Baseline that always answers the class of most training examples. */
export const mostCommonClass = (
  given: readonly string[] | undefined,
  figures: FiguresOf,
): Baseline<ClassifiedText> => ({
  title: 'most common class',
  async judge(train, examples) {
    const classes = classesOf(given, train);
    const counts = classes.map((name) => train.filter(({ label }) => label === name).length);
    const label = classes[counts.indexOf(Math.max(...counts))];
    return judged(classes, figures, examples, () => label);
  },
});

/**
 * Baseline that answers the most probable class when words are independent of each other: multinomial naive Bayes with Laplace
 * smoothing. Each word of a text counts once.
 *
 * @see Manning, Raghavan & Schütze 2008, "Introduction to information retrieval", §13.2; Wang & Manning 2012, "Baselines and
 *   bigrams", for counting once
 */
export const naiveBayes = (given: readonly string[] | undefined, figures: FiguresOf): Baseline<ClassifiedText> => ({
  title: 'naive Bayes',
  async judge(train, examples) {
    const classes = classesOf(given, train);
    const counts = classes.map(() => new Map<string, number>());
    const totals = classes.map(() => 0);
    const known = new Set<string>();
    for (const example of train) {
      const k = classes.indexOf(example.label);
      for (const word of wordsOf(example)) {
        known.add(word);
        counts[k].set(word, (counts[k].get(word) ?? 0) + 1);
        totals[k]++;
      }
    }
    const priors = classes.map((name) => Math.log(train.filter(({ label }) => label === name).length / train.length));
    return judged(classes, figures, examples, (example) => {
      const words = [...wordsOf(example)].filter((word) => known.has(word));
      const scores = priors.map((prior, k) =>
        words.reduce((sum, word) => sum + Math.log(((counts[k].get(word) ?? 0) + 1) / (totals[k] + known.size)), prior),
      );
      return classes[scores.indexOf(Math.max(...scores))];
    });
  },
});

/**
 * The classes that are given, or else those of some texts, sorted.
 *
 * @throws HeedError INVALID_ARGUMENT for a text of none of the classes given
 */
function classesOf(given: readonly string[] | undefined, train: readonly ClassifiedText[]): readonly string[] {
  const classes = given ?? [...new Set(train.map(({ label }) => label))].toSorted();
  const strange = train.find(({ label }) => !classes.includes(label))?.label;
  if (strange === undefined) return classes;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `a text to train on is labelled ${JSON.stringify(strange)}`,
    hint: `classes are: ${classes.join(', ')}`,
    details: { label: strange, classes },
  });
}

const wordsOf = ({ sentences }: ClassifiedText): Set<string> => new Set(sentences.flat());

function judged(
  classes: readonly string[],
  figures: FiguresOf,
  examples: readonly ClassifiedText[],
  tell: (example: ClassifiedText) => string,
): Judgement {
  const results = examples.map((example) => ({ label: tell(example), expected: example.label }));
  return { examples: examples.length, figures: figures(classes, results) };
}
