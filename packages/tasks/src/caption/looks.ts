import { joinCaption } from '@heed/datasets';
import type { Picture } from '@heed/pictures';
import type { Metric } from '../task.js';
import type { Captioned, CaptionedExample } from './captioned.js';
import { isFunctionWord } from './function-words.js';
import { mean } from './mean.js';

/** Figures of what was looked at, which models without attention don't have. */
export const lookMetrics: readonly Metric[] = [
  {
    key: 'onDrawn',
    label: 'attention on what is drawn',
    format: 'share',
    better: 'higher',
    meaning: 'share of the attention to the picture that is on pixels which are not clear',
  },
  {
    key: 'drawn',
    label: 'drawn part',
    format: 'share',
    better: 'higher',
    meaning: 'share of these pixels, which attention to all places alike would have',
  },
  {
    key: 'sentinelContent',
    label: 'sentinel, words of content',
    format: 'share',
    better: 'lower',
    meaning: 'share of the attention that looks at no part of the picture',
  },
  { key: 'sentinelFunction', label: 'sentinel, function words and signs', format: 'share', better: 'higher' },
];

/** Figures of looks; each is left out where there is nothing that it could be of. */
export function lookFigures(
  examples: readonly CaptionedExample[],
  captions: readonly Captioned[],
): Readonly<Record<string, number>> {
  const looks = { onDrawn: [] as number[], drawn: [] as number[] };
  const sentinels = { sentinelContent: [] as number[], sentinelFunction: [] as number[] };
  captions.forEach(({ symbols, weights, sentinel }, n) => {
    const { picture, language } = examples[n];
    if (weights !== undefined) {
      const shares = drawnShares(picture, Math.sqrt(weights[0]?.length ?? 0));
      for (const row of weights) {
        const total = row.reduce((sum, weight) => sum + weight, 0);
        if (shares === undefined || total === 0) continue;
        looks.onDrawn.push(row.reduce((sum, weight, place) => sum + weight * shares[place], 0) / total);
        looks.drawn.push(mean(shares));
      }
    }
    sentinel?.forEach((share, at) => {
      const isFunction = isFunctionWord(joinCaption([symbols[at]], language), language);
      sentinels[isFunction ? 'sentinelFunction' : 'sentinelContent'].push(share);
    });
  });
  return Object.fromEntries(
    Object.entries({ ...looks, ...sentinels }).flatMap(([key, values]) =>
      values.length === 0 ? [] : [[key, mean(values)]],
    ),
  );
}

/** How much of each cell of a grid is drawn; undefined of a picture in which nothing is clear, or all. */
function drawnShares({ width, height, channels, data }: Picture, side: number): number[] | undefined {
  if (channels !== 4 || side === 0) return undefined;
  const drawn = new Float64Array(side * side);
  const counts = new Float64Array(side * side);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * side) / height) * side + Math.floor((x * side) / width);
      drawn[cell] += data[(y * width + x) * 4 + 3] / 255;
      counts[cell] += 1;
    }
  }
  const shares = Array.from(drawn, (sum, cell) => (counts[cell] === 0 ? 0 : sum / counts[cell]));
  const total = mean(shares);
  return total === 0 || total === 1 ? undefined : shares;
}
