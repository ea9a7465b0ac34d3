import { HeedError, checkOptions, type OptionNames } from '@heed/base';
import { assertWords, commonWords, fingerprintOf, type ClassifiedDataset, type ClassifiedText } from '../classified.js';
import { SHARE_OPTIONS, type DatasetSummary, type LoadOptions } from '../dataset.js';
import { assertLength } from '../options.js';
import { splitter, type Split } from '../split.js';
import { meaningsOf, type Meaning } from './meanings.js';
import { loadOpinionWords, OPINION_WORDS } from './opinion-words.js';
import { loadWordNet, WORDNET } from './wordnet.js';
import { wordsOf } from './words.js';

export interface SentimentOptions extends LoadOptions {
  /** Share of the families of words that are for validation, on average. Default 0.1. */
  readonly validationShare?: number;
  /** Share of the families of words that are for the test, on average. Default 0.15. */
  readonly testShare?: number;
}

const OPTIONS: OptionNames<SentimentOptions> = { ...SHARE_OPTIONS };

/** A definition of an opinion word, in one sentence, with the word's sentiment as its class. */
export interface Definition extends ClassifiedText {
  readonly label: 'negative' | 'positive';
  /** Words that it defines, which no model sees. */
  readonly words: readonly string[];
}

// A word that is in only one definition teaches a model only that definition.
const LEAST_COUNT = 2;
// Four times the length of the longest definition; a recurrent model takes one step per word.
const MOST_WORDS = 200;
// Limit in characters: eight times the length of the longest definition. The cost of reading grows with it.
const LONGEST = 2000;

/**
 * Definitions of positive and negative words: the words are those of the opinion lexicon of Hu and Liu, the definitions are
 * glosses of WordNet.
 *
 * Validation and test examples are main meanings only: the most frequent meaning of a word. Words with the same main meaning are
 * of one family, and the main meanings of a family are in one split. A word that also has a meaning which isn't its main one may
 * belong to another split: with seed 1, 137 of 517 test examples share a word with a training example. No definition is in two
 * splits. The training split also has the other meanings of its words.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed or shares out of range; DATA_MISSING, FILE_ACCESS
 */
export async function loadSentiment(options: SentimentOptions): Promise<ClassifiedDataset<Definition>> {
  checkOptions('loadSentiment', options, OPTIONS);
  const { seed, validationShare = 0.1, testShare = 0.15 } = options;
  const splitOf = splitter(seed, { validation: validationShare, test: testShare });
  const [opinions, wordNet] = await Promise.all([loadOpinionWords(options.files), loadWordNet(options.files)]);
  const meanings = meaningsOf(opinions, wordNet);
  const splits: Record<Split, Definition[]> = { train: [], validation: [], test: [] };
  const held = new Set<string>();
  const mains = meanings.filter(({ isMain }) => isMain);
  for (const meaning of mains) {
    const split = splitOf(meaning.families[0]);
    if (split !== 'train') held.add(meaning.tokens.join(' '));
    splits[split].push(exampleOf(meaning));
  }
  for (const meaning of meanings) {
    if (meaning.isMain || held.has(meaning.tokens.join(' '))) continue;
    if (meaning.families.every((family) => splitOf(family) === 'train')) splits.train.push(exampleOf(meaning));
  }
  const identity = {
    task: 'sentiment',
    version: `${OPINION_WORDS} ${WORDNET} sha256:${fingerprintOf(meanings.map(exampleOf))}`,
    options: { seed, validationShare, testShare },
    classes: ['negative', 'positive'],
  };
  return {
    ...identity,
    ...splits,
    symbols: commonWords(splits.train, { least: LEAST_COUNT }),
    describe: () => summarize(identity, splits, mains.length),
  };
}

/**
 * Reads a definition that somebody typed.
 *
 * @throws HeedError INVALID_ARGUMENT for text without an English word, with more than 200 words or 2,000 characters, or with
 *   letters that no English word has
 */
export function parseDefinition(text: string): Pick<Definition, 'text' | 'sentences'> {
  assertLength('sentiment', text.trim(), LONGEST, `a definition has at most ${LONGEST}`);
  const strange = /(?![A-Za-z])\p{L}/u.exec(text)?.[0];
  if (strange !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `sentiment: the text has the letter ${JSON.stringify(strange)}`,
      hint: 'a definition is made of English words, of the letters a to z',
      details: { text, letter: strange },
    });
  }
  const words = wordsOf(text.replaceAll('’', "'"));
  const sentences = words.length > 0 ? [words] : [];
  assertWords('sentiment', text, sentences);
  if (words.length > MOST_WORDS) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `sentiment: the text has ${words.length} words`,
      hint: `a definition has at most ${MOST_WORDS}`,
      details: { words: words.length, most: MOST_WORDS },
    });
  }
  return { text: text.trim(), sentences };
}

const exampleOf = ({ definition, tokens, words, sentiment }: Meaning): Definition => ({
  text: definition,
  sentences: [tokens],
  label: sentiment,
  words,
});

function summarize(
  { classes, ...identity }: Pick<ClassifiedDataset, 'task' | 'version' | 'options' | 'classes'>,
  splits: Readonly<Record<Split, readonly Definition[]>>,
  mainMeanings: number,
): DatasetSummary {
  const all = [...splits.train, ...splits.validation, ...splits.test];
  return {
    ...identity,
    title: 'Opinion words and their definitions',
    source: `${OPINION_WORDS.replace(/@[^@]*$/, '')}, ${WORDNET.replace(/@[^@]*$/, '')}`,
    url: 'https://www.cs.uic.edu/~liub/FBS/sentiment-analysis.html, https://wordnet.princeton.edu',
    licence: 'opinion lexicon: ODC-By 1.0, contents CC BY 4.0; WordNet: WordNet licence, © Princeton University',
    counts: {
      definitions: all.length,
      mainMeanings,
      words: new Set(all.flatMap(({ words }) => words)).size,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      positive: all.filter(({ label }) => label === 'positive').length,
      positiveInTest: splits.test.filter(({ label }) => label === 'positive').length,
      longest: all.reduce((longest, { sentences }) => Math.max(longest, sentences[0].length), 0),
    },
    alphabets: { output: classes },
    notes: [
      'An example is a meaning, a synset of WordNet, that words of the opinion lexicon have: its definition without the usage examples, and whether these words are positive or negative.',
      'Meanings shared by positive and negative words are left out, and definitions that name one of the words, or a word that begins like it.',
      'In validation and test are only meanings that are the most frequent one of a word; in training are also its other meanings.',
      'Words that share their main meaning, are derived from one another or are defined in the same words are one family; a hash of the family and the seed decides the part of its main meanings.',
      'A word that has a meaning besides its main one may be of another part than that meaning; no definition is in two parts.',
      'A meaning that is not the main one is only trained on when all of its opinion words are in the training part and its definition is in no other part.',
      `The vocabulary is the words of at least ${LEAST_COUNT} definitions of the training part.`,
    ],
  };
}
