import { checkOptions, type OptionNames } from '@heed/base';
import { partition } from '../caption/partition.js';
import { partsOf } from '../caption/parts.js';
import { CAPTION_STYLES } from '../caption/styles.js';
import { SHARE_OPTIONS, type LoadOptions } from '../dataset.js';
import { fingerprint } from '../fingerprint.js';
import { assertWhole } from '../options.js';
import { packageFiles } from '../package-files.js';
import { createRandom } from '../random.js';
import { assertSplit, type Split } from '../split.js';
import { examplesOf, VIDEO_QUESTIONS, type VideoDataset, type VideoExample } from './example.js';
import { makeFilm } from './film.js';
import { summarizeVideo } from './summary.js';
import { createThing, type Thing, VIDEO_STYLE } from './things.js';

export interface VideoOptions extends LoadOptions {
  /** Number of films in all parts together, from 1 to 100,000. Default 10,000. */
  readonly films?: number;
  /** Share of the groups of concepts, and of the films, that are for validation. Default 0.05. */
  readonly validationShare?: number;
  /** Share of the groups of concepts, and of the films, that are for the test. Default 0.1. */
  readonly testShare?: number;
}

const OPTIONS: OptionNames<VideoOptions> = { ...SHARE_OPTIONS, films: true };
const SPLITS = ['train', 'validation', 'test'] as const satisfies readonly Split[];
const MOST_FILMS = 100_000;

/**
 * Short films that are made of pictures of emoji: one thing that moves, turns, grows, shrinks, fades or becomes another between two frames, or
 * stays as it is, asked what changed and in which frame. In half of them the background changes its colour in another frame, which isn't asked about.
 *
 * Concepts of a part are in no other part, by the same rules as in `loadCaption`; kinds of changes and frames are as common as others in each part.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed, shares or a number of films out of range; DATA_MISSING, FILE_ACCESS, FILE_INVALID
 */
export async function loadVideo(options: VideoOptions): Promise<VideoDataset> {
  checkOptions('loadVideo', options, OPTIONS);
  const { seed, films = 10_000, validationShare = 0.05, testShare = 0.1, files = packageFiles } = options;
  const shares = { validation: validationShare, test: testShare };
  assertSplit(seed, shares);
  assertWhole('loadVideo: films', films, 1, MOST_FILMS);
  const things = await thingsOf(await CAPTION_STYLES[VIDEO_STYLE].read(files), { seed, ...shares });
  const splits = Object.fromEntries(
    SPLITS.map((split) => {
      const share = split === 'train' ? 1 - validationShare - testShare : shares[split];
      const made = Array.from({ length: Math.round(films * share) }, (_, n) =>
        makeFilm(things[split], n, createRandom(seed, `films/${split}`, n)),
      );
      return [split, made.flatMap(examplesOf)];
    }),
  ) as Record<Split, VideoExample[]>;

  const { source, version } = CAPTION_STYLES[VIDEO_STYLE];
  const identity = {
    task: 'video',
    version: `${source}@${version} sha256:${fingerprint(linesOf(splits))}`,
    options: { seed, films, validationShare, testShare },
  };
  const all = SPLITS.flatMap((split) => splits[split]);
  const symbols = [...new Set(all.flatMap(({ targets }) => targets.flat()))].toSorted();
  return {
    ...identity,
    ...splits,
    symbols,
    questions: VIDEO_QUESTIONS,
    describe: () => summarizeVideo({ ...identity, ...splits }, things),
  };
}

/** What can be drawn in each part: an emoji of each gender and hair, but of no skin tone, as these are hardly seen at 16 pixels. */
function thingsOf(
  drawn: ReadonlyMap<string, Parameters<typeof createThing>[1]>,
  { seed, ...shares }: { readonly seed: number; readonly validation: number; readonly test: number },
): Record<Split, Thing[]> {
  const plain = [...drawn].flatMap(([emoji, picture]) => {
    const parts = partsOf(emoji);
    return parts.skinTones.length > 0 ? [] : [{ emoji, picture, parts, style: VIDEO_STYLE, captions: [] } as const];
  });
  const { parts } = partition(plain, { seed, combinations: 0, ...shares });
  const things: Record<Split, Thing[]> = { train: [], validation: [], test: [] };
  for (const [n, { emoji, picture }] of plain.entries()) {
    const part = parts[n];
    const split = part === 'train' || part === 'validation' ? part : 'test';
    things[split].push(createThing(emoji, picture));
  }
  return things;
}

/** Lines for the fingerprint of the data: what is drawn, what changes and when. */
const linesOf = (splits: Record<Split, readonly VideoExample[]>): string[] =>
  SPLITS.flatMap((split) =>
    splits[split].map(({ emoji, backgroundAt, text }) => `${split}\t${emoji}\t${backgroundAt ?? ''}\t${text}\n`),
  );
