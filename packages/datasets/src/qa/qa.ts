import { checkOptions, type OptionNames } from '@heed/base';
import { fingerprint } from '../fingerprint.js';
import { SHARE_OPTIONS, type Dataset, type DatasetSummary, type LoadOptions } from '../dataset.js';
import { assertWhole } from '../options.js';
import { splitter, type Split } from '../split.js';
import { COUNTRIES_PACKAGE, COUNTRIES_VERSION, readCountries, type Country } from './countries.js';
import { countryStory } from './country-stories.js';
import { WORLD_FAMILIES, type WorldFamily } from './families.js';
import { CLOSED_ANSWERS, FORM_WORDS } from './forms.js';
import { createRandom, type Random } from '../random.js';
import { FAMILIES, pattern, writeStory, type Family, type StoryExample } from './story.js';

export interface QaOptions extends LoadOptions {
  /** Number of stories of each family about a small world, in all splits together, from 1 to 100,000. Default 7000. */
  readonly stories?: number;
  /** Number of stories about countries, in all splits together, from 1 to 100,000. Default 18000. */
  readonly countryStories?: number;
  /** Share of the stories that are for validation, on average. Default 0.05. */
  readonly validationShare?: number;
  /** Share of the stories that are for the test, on average. Default 0.1. */
  readonly testShare?: number;
}

const OPTIONS: OptionNames<QaOptions> = { ...SHARE_OPTIONS, stories: true, countryStories: true };

export interface QaDataset extends Dataset<StoryExample> {
  /** Words of sentences that aren't names, sorted. */
  readonly words: readonly string[];
  /** Answers that aren't names of the story. */
  readonly answers: readonly string[];
}

type Splits = Record<Split, StoryExample[]>;
const SPLITS = ['train', 'validation', 'test'] as const;

/** Shares of the countries for validation and test: greater than those of stories, so that some of the countries are neighbours. */
const COUNTRY_SHARES = { validation: 0.15, test: 0.25 };
// Limit for one family: a dataset is held in memory as a whole.
const MOST_STORIES = 100_000;
/** Tries for each story: a random question doesn't always have an answer, and stories repeat. */
const MOST_TRIES = 60;

/**
 * Facts and questions: six families of small worlds after Weston et al. 2015, arXiv:1502.05698, generated from a seed, and real
 * facts about countries.
 *
 * Any two stories differ in more than their names. The split of a story about a small world follows from the hash of its pattern
 * without names; a country is in the stories of one split only.
 *
 * @throws HeedError INVALID_ARGUMENT for options out of range; DATA_MISSING, FILE_ACCESS for world-countries
 */
export async function loadQa(options: QaOptions): Promise<QaDataset> {
  checkOptions('loadQa', options, OPTIONS);
  const { seed, stories = 7000, countryStories = 18000, validationShare = 0.05, testShare = 0.1 } = options;
  const shares = { validation: validationShare, test: testShare };
  const splitOf = splitter(seed, shares);
  const countrySplitOf = splitter(seed, COUNTRY_SHARES);
  for (const [name, count] of Object.entries({ stories, countryStories }))
    assertWhole(`qa: ${name}`, count, 1, MOST_STORIES);
  const countries = await readCountries(options.files);
  const splits: Splits = { train: [], validation: [], test: [] };
  Object.entries(WORLD_FAMILIES).forEach(([family, tell], n) => {
    for (const { key, example } of distinct(family as WorldFamily, stories, (i) => tell(createRandom(seed, n, i)))) {
      splits[splitOf(key)].push(example);
    }
  });
  const told = SPLITS.map((split) => countries.filter(({ name }) => countrySplitOf(name) === split));
  const seen = new Set<string>();
  for (const [n, split] of SPLITS.entries()) {
    const share = split === 'train' ? 1 - validationShare - testShare : shares[split];
    const tell = (random: Random) => countryStory(told[n], random);
    const count = Math.round(countryStories * share);
    const stream = Object.keys(WORLD_FAMILIES).length + n;
    for (const { example } of distinct('countries', count, (i) => tell(createRandom(seed, stream, i)), seen)) {
      splits[split].push(example);
    }
  }
  const identity = {
    task: 'qa',
    version: `${COUNTRIES_PACKAGE}@${COUNTRIES_VERSION} sha256:${fingerprint(linesOf(splits))}`,
    options: { seed, stories, countryStories, validationShare, testShare },
    words: FORM_WORDS,
    answers: CLOSED_ANSWERS,
  };
  return { ...identity, ...splits, describe: () => summarize(identity, splits, told) };
}

/** Up to `count` stories that differ in more than their names; fewer when too many tries were needed. */
function* distinct(
  family: Family,
  count: number,
  tell: (index: number) => Omit<StoryExample, 'text' | 'family'> | undefined,
  seen = new Set<string>(),
): Generator<{ readonly key: string; readonly example: StoryExample }> {
  let found = 0;
  for (let i = 0; found < count && i < count * MOST_TRIES; i++) {
    const draft = tell(i);
    if (draft === undefined) continue;
    const key = pattern(draft);
    if (seen.has(key)) continue;
    seen.add(key);
    found++;
    yield { key, example: { text: writeStory(draft), ...draft, family } };
  }
}

function summarize(
  { task, version, options, answers }: Pick<QaDataset, 'task' | 'version' | 'options' | 'answers'>,
  splits: Splits,
  told: readonly (readonly Country[])[],
): DatasetSummary {
  const all = SPLITS.flatMap((split) => splits[split]);
  return {
    task,
    version,
    options,
    title: 'Stories of small worlds, and facts about countries',
    source: COUNTRIES_PACKAGE,
    url: 'https://github.com/mledoze/countries',
    licence:
      'ODbL 1.0 (facts about countries: contains information from the database world-countries by Mohammed Le Doze and ' +
      'contributors); Apache-2.0 (stories of small worlds, made by this package)',
    counts: {
      stories: all.length,
      ...Object.fromEntries(FAMILIES.map((name) => [name, all.filter(({ family }) => family === name).length])),
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      ...Object.fromEntries(SPLITS.map((split, n) => [`${split}Countries`, told[n].length])),
      mostFacts: all.reduce((most, { facts }) => Math.max(most, facts.length), 0),
    },
    alphabets: { closedAnswers: answers },
    notes: [
      'The families are those of tasks 1, 2, 3, 7, 6 and 8 of the bAbI tasks (Weston et al. 2015); words, sentences and stories are our own, so figures can’t be compared with those on bAbI.',
      'Each sentence of a small world follows from a simulation: people move, take and drop things.',
      'Facts about countries are true as the package has them: the independent countries, of several capitals or currencies the first; stories differ in which facts they tell.',
      'Countries are split by a hash of the name: capitals and countries that test stories ask for are in no training story (languages, currencies and regions are shared).',
      'No two stories are the same up to their names, and a small world’s part is a hash of the story without its names.',
    ],
  };
}

/** Lines for the fingerprint of the data, which change with the version of world-countries and of this package. */
const linesOf = (splits: Splits): string[] =>
  SPLITS.flatMap((split) =>
    splits[split].map(({ text, answer, supports }) => `${text}\t${answer.join('\t')}\t${supports.join(' ')}\n`),
  );
