import { splitter, type LoadOptions, type SequenceDataset, type SequenceExample } from '@heed/datasets';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const VERSION = 'words of eight letters';
const WORDS = Array.from({ length: 256 }, (_, n) =>
  [n % 16, n >> 4, ...[3, 5, 7, 11, 13, 17].map((prime) => n % prime)].map((letter) => LETTERS[letter]!),
);

/** Words of eight letters, as long as most of g2p's, and the same words backwards; they take no time to read. */
export async function loadReversed({ seed }: LoadOptions): Promise<SequenceDataset> {
  const splitOf = splitter(seed, { validation: 0.1, test: 0.1 });
  const splits: Record<ReturnType<typeof splitOf>, SequenceExample[]> = { train: [], validation: [], test: [] };
  for (const source of WORDS) {
    const text = source.join('');
    splits[splitOf(text)].push({ text, source, targets: [source.toReversed()] });
  }
  const identity = { task: 'reversed', version: VERSION, options: { seed } };
  return {
    ...identity,
    ...splits,
    sourceSymbols: LETTERS,
    targetSymbols: LETTERS,
    describe: () => ({
      ...identity,
      title: 'Reversed words',
      source: VERSION,
      url: 'https://example.com',
      licence: 'Apache-2.0',
      counts: { train: splits.train.length, validation: splits.validation.length, test: splits.test.length },
      alphabets: { input: LETTERS, output: LETTERS },
      notes: [],
    }),
  };
}
