import { HeedError, checkOptions, type OptionNames } from '@heed/base';
import { assertWords, commonWords, fingerprintOf, type ClassifiedDataset, type ClassifiedText } from '../classified.js';
import { SHARE_OPTIONS, type DatasetSummary, type LoadOptions } from '../dataset.js';
import { assertLength } from '../options.js';
import { splitter, type Part } from '../split.js';
import { meaningsOf, type Meaning } from './meanings.js';
import { loadOpinionWords, OPINION_WORDS } from './opinion-words.js';
import { loadWordNet, WORDNET } from './wordnet.js';
import { wordsOf } from './words.js';

export interface SentimentOptions extends LoadOptions {
  /** Shares of the families of words, on average. Defaults 0.1 and 0.15. */
  readonly validationShare?: number;
  readonly testShare?: number;
}

const OPTIONS: OptionNames<SentimentOptions> = { ...SHARE_OPTIONS };

/** A definition, in one sentence, and whether what it defines is an opinion word that is positive or negative. */
export interface Definition extends ClassifiedText {
  readonly label: 'negative' | 'positive';
  /** What it defines: not for a model to see. */
  readonly words: readonly string[];
}

// A word of one definition alone teaches a model nothing but that definition.
const LEAST_COUNT = 2;
// Four times as long as the longest definition; a recurrent model takes a step per word.
const MOST_WORDS = 200;
// Eight times as long as the longest one; a word costs as much as it has letters.
const LONGEST = 2000;

/**
 * Definitions of words that people called positive or negative: the opinion lexicon of Hu and Liu, glosses of WordNet.
 *
 * Validation and test examples are main meanings, what a word means most often. The words whose main meaning it is are of one
 * family, and main meanings of a family are in one part. A word that has the meaning besides its main one may be of another
 * part: with seed 1, 137 of 517 test examples share a word with a training example. No definition is in two parts. The
 * training part has the other meanings of its words too.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed or shares out of range; DATA_MISSING, FILE_ACCESS
 */
export async function loadSentiment(options: SentimentOptions): Promise<ClassifiedDataset<Definition>> {
  checkOptions('loadSentiment', options, OPTIONS);
  const { seed, validationShare = 0.1, testShare = 0.15 } = options;
  const partOf = splitter(seed, { validation: validationShare, test: testShare });
  const [opinions, wordNet] = await Promise.all([loadOpinionWords(options.files), loadWordNet(options.files)]);
  const meanings = meaningsOf(opinions, wordNet);
  const parts: Record<Part, Definition[]> = { train: [], validation: [], test: [] };
  const held = new Set<string>();
  const mains = meanings.filter(({ isMain }) => isMain);
  for (const meaning of mains) {
    const part = partOf(meaning.families[0]);
    if (part !== 'train') held.add(meaning.tokens.join(' '));
    parts[part].push(exampleOf(meaning));
  }
  for (const meaning of meanings) {
    if (meaning.isMain || held.has(meaning.tokens.join(' '))) continue;
    if (meaning.families.every((family) => partOf(family) === 'train')) parts.train.push(exampleOf(meaning));
  }
  const identity = {
    task: 'sentiment',
    version: `${OPINION_WORDS} ${WORDNET} sha256:${fingerprintOf(meanings.map(exampleOf))}`,
    options: { seed, validationShare, testShare },
    classes: ['negative', 'positive'],
  };
  return {
    ...identity,
    ...parts,
    symbols: commonWords(parts.train, { least: LEAST_COUNT }),
    describe: () => summarize(identity, parts, mains.length),
  };
}

/**
 * A definition that somebody typed.
 *
 * @throws HeedError INVALID_ARGUMENT for a text without an English word, with more than 200 of them or 2,000 characters, or with
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
  parts: Readonly<Record<Part, readonly Definition[]>>,
  mainMeanings: number,
): DatasetSummary {
  const all = [...parts.train, ...parts.validation, ...parts.test];
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
      train: parts.train.length,
      validation: parts.validation.length,
      test: parts.test.length,
      positive: all.filter(({ label }) => label === 'positive').length,
      positiveInTest: parts.test.filter(({ label }) => label === 'positive').length,
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
