import { checkOptions, HeedError, show, type OptionNames } from '@heed/base';
import { SHARE_OPTIONS, type LoadOptions } from '../dataset.js';
import { fingerprint } from '../fingerprint.js';
import { packageFiles } from '../package-files.js';
import { assertSplit } from '../split.js';
import type { CaptionDataset, CaptionExample } from './example.js';
import { CAPTION_LANGUAGES } from './languages.js';
import { CLDR_PACKAGES, CLDR_VERSION, readNames } from './names.js';
import { partition, TEST_SETS, type Drawn, type PartName, type TestSetName } from './partition.js';
import { partsOf } from './parts.js';
import { CAPTION_STYLES, type CaptionStyle } from './styles.js';
import { summarizeCaption } from './summary.js';
import { captionSymbols } from './symbols.js';

export interface CaptionOptions extends LoadOptions {
  /** Share of the groups of concepts that are for validation, on average. Default 0.05. */
  readonly validationShare?: number;
  /** Share of the groups of concepts that are for the test, on average. Default 0.1. */
  readonly testShare?: number;
  /** Share of the combinations of a seen concept with a skin tone that are for the test, on average. Default 0.1. */
  readonly combinationShare?: number;
}

const OPTIONS: OptionNames<CaptionOptions> = { ...SHARE_OPTIONS, combinationShare: true };

/**
 * Pictures of emoji with their names in English, German, French and Chinese: Noto's and Fluent's to learn from, and Twemoji's for the
 * test alone. Names are CLDR's, those that it composes for skin tones, genders, hair and roles included.
 *
 * Test sets: `concepts` never seen, where skin tones, genders and directions of a concept stay together (also `test`);
 * `combinations` of a seen concept with a skin tone that it never had; `style-seen` and `style-unseen`, Twemoji's pictures of seen
 * concepts and of those never seen. Near-identical pictures are never in two parts.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed or shares out of range; DATA_MISSING, FILE_ACCESS, FILE_INVALID
 */
export async function loadCaption(options: CaptionOptions): Promise<CaptionDataset> {
  checkOptions('loadCaption', options, OPTIONS);
  const { seed, validationShare = 0.05, testShare = 0.1, combinationShare = 0.1, files = packageFiles } = options;
  if (!(combinationShare >= 0 && combinationShare <= 1)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `loadCaption: combinationShare is ${show(combinationShare)}`,
      hint: 'a number from 0 to 1',
    });
  }
  assertSplit(seed, { validation: validationShare, test: testShare });
  const names = await Promise.all(CAPTION_LANGUAGES.map((language) => readNames(language, files)));
  const drawn: Drawn[] = [];
  let unnamed = 0;
  for (const [style, { read }] of Object.entries(CAPTION_STYLES)) {
    for (const [emoji, picture] of await read(files)) {
      const named = names.flatMap((all) => all.get(emoji) ?? []);
      if (named.length < names.length) unnamed++;
      else {
        const captions = named.map(({ text }) => text);
        drawn.push({ emoji, style: style as CaptionStyle, picture, parts: partsOf(emoji), captions });
      }
    }
  }
  const { parts, facts } = partition(drawn, {
    seed,
    validation: validationShare,
    test: testShare,
    combinations: combinationShare,
  });

  // Examples of the same emoji in several styles share their captions.
  const captionsOf = new Map<string, readonly Omit<CaptionExample, 'picture' | 'style'>[]>();
  const splits = new Map<PartName, CaptionExample[]>();
  const partNamed = (name: PartName): CaptionExample[] => splits.get(name) ?? splits.set(name, []).get(name)!;
  for (const [n, { emoji, style, picture, parts: made }] of drawn.entries()) {
    const part = parts[n];
    if (part === undefined) continue;
    let captions = captionsOf.get(emoji);
    if (captions === undefined) {
      captions = CAPTION_LANGUAGES.map((language, at) => {
        const { text, keywords } = names[at].get(emoji)!;
        const targets = [captionSymbols(text, language)];
        return { language, text, references: [text], targets, keywords, emoji, parts: made };
      });
      captionsOf.set(emoji, captions);
    }
    const examples = partNamed(part);
    for (const caption of captions) examples.push({ ...caption, picture, style });
  }

  const train = partNamed('train');
  const identity = {
    task: 'caption',
    version: versionOf(drawn),
    options: { seed, validationShare, testShare, combinationShare },
  };
  const symbols = [...new Set(train.flatMap(({ targets }) => targets.flat()))].toSorted();
  const testSets = Object.entries(TEST_SETS).map(([name, title]) => ({
    name,
    title,
    examples: partNamed(name as TestSetName),
  }));
  const data = { ...identity, train, validation: partNamed('validation'), test: partNamed('concepts'), testSets };
  return {
    ...data,
    symbols,
    languages: CAPTION_LANGUAGES,
    describe: () => summarizeCaption(data, { ...facts, unnamed, symbols: symbols.length }),
  };
}

function versionOf(drawn: readonly Drawn[]): string {
  const packages = [
    ...new Set(Object.values(CAPTION_STYLES).map(({ source, version }) => `${source}@${version}`)),
    ...CLDR_PACKAGES.map((name) => `${name}@${CLDR_VERSION}`),
  ];
  const read = drawn.map(({ emoji, style, captions }) => `${style}\t${emoji}\t${captions.join('\t')}\n`);
  return `${packages.join(' ')} sha256:${fingerprint(read)}`;
}
