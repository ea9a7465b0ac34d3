import { createHash } from 'node:crypto';
import { splitter, type LoadOptions, type SequenceDataset, type SequenceExample } from '@heed/datasets';
import irregular from 'irregular-plurals';

/**
 * English nouns with irregular plurals, letter by letter: some 400 pairs of the npm package irregular-plurals, split by the seed.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed out of range
 */
export async function loadPlurals({ seed }: LoadOptions): Promise<SequenceDataset> {
  const pairs = [...irregular].filter(([singular, plural]) => WORD.test(singular) && WORD.test(plural));
  const splitOf = splitter(seed, { validation: 0.1, test: 0.1 });
  const splits: Record<ReturnType<typeof splitOf>, SequenceExample[]> = { train: [], validation: [], test: [] };
  for (const [singular, plural] of pairs) {
    splits[splitOf(singular)].push({ text: singular, source: [...singular], targets: [[...plural]] });
  }
  const symbols = [...new Set(pairs.flat().join(''))].toSorted();
  const hash = createHash('sha256').update(JSON.stringify(pairs)).digest('hex').slice(0, 16);
  const identity = {
    task: 'plurals',
    version: `irregular-plurals sha256:${hash}`,
    options: { seed },
  };
  return {
    ...identity,
    ...splits,
    sourceSymbols: symbols,
    targetSymbols: symbols,
    describe: () => ({
      ...identity,
      title: 'Irregular plurals',
      source: 'irregular-plurals',
      url: 'https://github.com/sindresorhus/irregular-plurals',
      licence: 'MIT',
      counts: {
        words: pairs.length,
        train: splits.train.length,
        validation: splits.validation.length,
        test: splits.test.length,
      },
      alphabets: { input: symbols, output: symbols },
      notes: ['Nouns with other characters than a to z are left out.'],
    }),
  };
}

export const WORD = /^[a-z]+$/;
