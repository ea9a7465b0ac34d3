import { checkOptions, type OptionNames } from '@heed/base';
import { fingerprint } from '../fingerprint.js';
import { SHARE_OPTIONS, type Dataset, type DatasetSummary, type LoadOptions } from '../dataset.js';
import { assertWhole } from '../options.js';
import { splitter, type Part } from '../split.js';
import { COUNTRIES_PACKAGE, COUNTRIES_VERSION, readCountries, type Country } from './countries.js';
import { countryStory } from './country-stories.js';
import { WORLD_FAMILIES, type WorldFamily } from './families.js';
import { CLOSED_ANSWERS, FORM_WORDS } from './forms.js';
import { createRandom, type Random } from './random.js';
import { FAMILIES, pattern, writeStory, type Family, type StoryExample } from './story.js';

export interface QaOptions extends LoadOptions {
  /** Stories of each family that is about a small world, in all parts, from 1 to 100,000. Default 7000. */
  readonly stories?: number;
  /** Stories of countries, in all parts, from 1 to 100,000. Default 18000. */
  readonly countryStories?: number;
  /** Shares of the stories, on average. Defaults 0.05 and 0.1. */
  readonly validationShare?: number;
  readonly testShare?: number;
}

const OPTIONS: OptionNames<QaOptions> = { ...SHARE_OPTIONS, stories: true, countryStories: true };

export interface QaDataset extends Dataset<StoryExample> {
  /** The words of sentences that aren't names, sorted. */
  readonly words: readonly string[];
  /** Answers that aren't names of the story. */
  readonly answers: readonly string[];
}

type Parts = Record<Part, StoryExample[]>;
const PARTS = ['train', 'validation', 'test'] as const;

/** Of which countries the validation and test stories tell: more than of stories, so that some of them have borders in common. */
const COUNTRY_SHARES = { validation: 0.15, test: 0.25 };
// Of a family: a dataset is held in memory as a whole.
const MOST_STORIES = 100_000;
/** Tries for each story that is wanted: what is asked for at random isn't always there, and stories repeat. */
const MOST_TRIES = 60;

/**
 * Facts and questions: six families of small worlds after Weston et al. 2015, arXiv:1502.05698, made here from a seed, and
 * real facts about countries.
 *
 * No two stories are the same up to their names. A story of a small world is put into its part by the hash of what it is
 * without its names; the stories of a part tell of countries that no other part tells of.
 *
 * @throws HeedError INVALID_ARGUMENT for options out of range; DATA_MISSING, FILE_ACCESS for world-countries
 */
export async function loadQa(options: QaOptions): Promise<QaDataset> {
  checkOptions('loadQa', options, OPTIONS);
  const { seed, stories = 7000, countryStories = 18000, validationShare = 0.05, testShare = 0.1 } = options;
  const shares = { validation: validationShare, test: testShare };
  const partOf = splitter(seed, shares);
  const countryPartOf = splitter(seed, COUNTRY_SHARES);
  for (const [name, count] of Object.entries({ stories, countryStories }))
    assertWhole(`qa: ${name}`, count, 1, MOST_STORIES);
  const countries = await readCountries(options.files);
  const parts: Parts = { train: [], validation: [], test: [] };
  Object.entries(WORLD_FAMILIES).forEach(([family, tell], n) => {
    for (const { key, example } of distinct(family as WorldFamily, stories, (i) => tell(createRandom(seed, n, i)))) {
      parts[partOf(key)].push(example);
    }
  });
  const told = PARTS.map((part) => countries.filter(({ name }) => countryPartOf(name) === part));
  const seen = new Set<string>();
  for (const [n, part] of PARTS.entries()) {
    const share = part === 'train' ? 1 - validationShare - testShare : shares[part];
    const tell = (random: Random) => countryStory(told[n], random);
    const count = Math.round(countryStories * share);
    const stream = Object.keys(WORLD_FAMILIES).length + n;
    for (const { example } of distinct('countries', count, (i) => tell(createRandom(seed, stream, i)), seen)) {
      parts[part].push(example);
    }
  }
  const identity = {
    task: 'qa',
    version: `${COUNTRIES_PACKAGE}@${COUNTRIES_VERSION} sha256:${fingerprint(linesOf(parts))}`,
    options: { seed, stories, countryStories, validationShare, testShare },
    words: FORM_WORDS,
    answers: CLOSED_ANSWERS,
  };
  return { ...identity, ...parts, describe: () => summarize(identity, parts, told) };
}

/** Stories until there are so many that differ in more than names, or too many tries. */
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
  parts: Parts,
  told: readonly (readonly Country[])[],
): DatasetSummary {
  const all = PARTS.flatMap((part) => parts[part]);
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
      train: parts.train.length,
      validation: parts.validation.length,
      test: parts.test.length,
      ...Object.fromEntries(PARTS.map((part, n) => [`${part}Countries`, told[n].length])),
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

/** Another edition of the package, or of this one, has other lines. */
const linesOf = (parts: Parts): string[] =>
  PARTS.flatMap((part) =>
    parts[part].map(({ text, answer, supports }) => `${text}\t${answer.join('\t')}\t${supports.join(' ')}\n`),
  );
