import { flatten, resize, type Picture } from '@heed/pictures';
import type { Baseline } from '../task.js';
import type { Captioned, CaptionedExample } from './captioned.js';
import { judgeCaptions, type FiguresOf } from './figures.js';

/** Simple methods that know no more than what captions there are, and which pictures have like colours in like places. */
export const captionBaselines = (figures: FiguresOf): readonly Baseline<CaptionedExample>[] => [
  {
    title: 'caption of the nearest picture, by colours of an 8 by 8 grid',
    judge: async (train, examples) => judgeCaptions(examples, nearestPictures(train, examples), figures),
  },
  {
    title: 'most common caption of the language',
    judge: async (train, examples) => judgeCaptions(examples, mostCommon(train, examples), figures),
  },
];

const NOTHING: Captioned = { symbols: [], text: '' };
const captionOf = ({ targets, references }: CaptionedExample): Captioned => ({
  symbols: targets[0],
  text: references[0],
});

function mostCommon(train: readonly CaptionedExample[], examples: readonly CaptionedExample[]): Captioned[] {
  const counts = new Map<string, Map<string, number>>();
  const best = new Map<string, Captioned>();
  const most = new Map<string, number>();
  for (const { language, references, targets } of train) {
    let own = counts.get(language);
    if (own === undefined) counts.set(language, (own = new Map()));
    references.forEach((text, n) => {
      const count = (own.get(text) ?? 0) + 1;
      own.set(text, count);
      if (count <= (most.get(language) ?? 0)) return;
      most.set(language, count);
      best.set(language, { symbols: targets[n], text });
    });
  }
  return examples.map(({ language }) => best.get(language) ?? NOTHING);
}

/** Cells of a side of the small picture by which pictures are compared. */
const CELLS = 8;

function nearestPictures(train: readonly CaptionedExample[], examples: readonly CaptionedExample[]): Captioned[] {
  const seen = new Map<Picture, Uint8Array>();
  const small = (picture: Picture): Uint8Array => {
    let data = seen.get(picture);
    if (data === undefined) seen.set(picture, (data = resize(flatten(picture), CELLS, CELLS, 'box').data));
    return data;
  };
  const known = new Map<string, { readonly data: Uint8Array; readonly caption: Captioned }[]>();
  for (const example of train) {
    const of = { data: small(example.picture), caption: captionOf(example) };
    const own = known.get(example.language);
    if (own === undefined) known.set(example.language, [of]);
    else own.push(of);
  }
  return examples.map(({ picture, language }) => {
    const data = small(picture);
    let [best, least] = [NOTHING, Infinity];
    for (const one of known.get(language) ?? []) {
      const distance = distanceWithin(data, one.data, least);
      if (distance < least) [best, least] = [one.caption, distance];
    }
    return best;
  });
}

/** Sum of squared differences, or something not below `least` as soon as it is that much. */
function distanceWithin(a: Uint8Array, b: Uint8Array, least: number): number {
  let sum = 0;
  for (let n = 0; n < a.length && sum < least; n++) sum += (a[n] - b[n]) ** 2;
  return sum;
}
