import type { Dataset, DatasetSummary, TestSet } from '../dataset.js';
import type { CaptionExample } from './example.js';
import { CAPTION_LANGUAGES } from './languages.js';
import { CLDR_PACKAGES } from './names.js';
import { UNSEEN_STYLE, type PartitionFacts } from './partition.js';
import { CAPTION_STYLES, type CaptionStyle } from './styles.js';

/** What was counted while the data were read and split. */
interface CaptionFacts extends PartitionFacts {
  readonly unnamed: number;
  readonly symbols: number;
}

type Split = Pick<Dataset<CaptionExample>, 'task' | 'version' | 'options' | 'train' | 'validation'> & {
  readonly testSets: readonly TestSet<CaptionExample>[];
};

/** Summary of the dataset: facts that a reader of results needs. */
export function summarizeCaption(
  { task, version, options, train, validation, testSets }: Split,
  facts: CaptionFacts,
): DatasetSummary {
  const parts = [
    { name: 'train', examples: train },
    { name: 'validation', examples: validation },
    ...testSets.map(({ name, examples }) => ({ name: `test, ${name}`, examples })),
  ];
  const all = parts.flatMap(({ examples }) => examples);
  const styles = Object.entries(CAPTION_STYLES);
  return {
    task,
    version,
    options,
    title: 'Pictures of emoji and their names in English, German, French and Chinese',
    source: [...new Set([...styles.map(([, { source }]) => source), ...CLDR_PACKAGES])].join(', '),
    url: 'https://cldr.unicode.org/translation/characters/short-names-and-keywords',
    licence: `${styles.map(([, { title, licence }]) => `${title}: ${licence}`).join('; ')}; names: Unicode-3.0, © Unicode, Inc.`,
    counts: {
      pictures: new Set(all.map(({ picture }) => picture)).size,
      examples: all.length,
      concepts: facts.concepts,
      groupsOfConcepts: facts.groups,
      largestGroup: facts.largestGroup,
      ...Object.fromEntries(parts.map(({ name, examples }) => [name, examples.length])),
      ...Object.fromEntries(
        parts.flatMap(({ name, examples }) =>
          (Object.keys(CAPTION_STYLES) as CaptionStyle[]).flatMap((style) => {
            const count = examples.filter((example) => example.style === style).length;
            return count === 0 ? [] : [[`${name}, ${style}`, count]];
          }),
        ),
      ),
      ...Object.fromEntries(
        CAPTION_LANGUAGES.map((language) => [language, all.filter((example) => example.language === language).length]),
      ),
      symbols: facts.symbols,
      picturesMovedAsAlike: facts.moved,
      leftOutAsAlike: facts.leftOutAlike,
      leftOutOfNoTest: facts.leftOutOthers,
      leftOutUnnamed: facts.unnamed,
    },
    alphabets: {},
    examples: parts.flatMap(({ name, examples }) => {
      const [first] = examples;
      if (first === undefined) return [];
      const captions = examples.filter(({ picture }) => picture === first.picture).map(({ text }) => text);
      return [`${name}: ${first.emoji} (${first.style}) ${captions.join(' · ')}`];
    }),
    notes: [
      'Names are the short names of CLDR, those that it composes for skin tones, genders, hair, flags and roles included; an emoji without one in each language is left out.',
      'Symbols are words, with other signs by themselves; of Chinese they are characters.',
      'A concept, with all its skin tones, genders, hair and directions, is in one part, by a hash and the seed. Concepts are one group when pictures of them are near-identical (perceptual hash and colours), or when a language calls them the same.',
      'Combinations are pictures of a concept that is learnt with a skin tone that it never has in training; those whose picture looks like another of the concept are learnt.',
      `${CAPTION_STYLES[UNSEEN_STYLE].title} is for the test alone, without pictures that are near-identical to one that is learnt from.`,
      `${CAPTION_STYLES.twemoji.title}: graphics licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), © Twitter, Inc. and other contributors, drawn at 64 pixels.`,
      'Fluent and Twemoji were drawn once from their SVG files with resvg.',
    ],
  };
}
