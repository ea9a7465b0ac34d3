import { HeedError, show } from '@heed/base';

/** A picture: rows of pixels from the top, each of red, green and blue from 0 to 255, and of alpha where there are four channels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** One word, and where in the picture the model looked when it wrote the word. */
export interface OverlayStep {
  /** The word. It is untrusted: every renderer escapes it for its format. */
  readonly word: string;
  /** Weights of the grid's cells, row by row from the upper left: none below 0, of a sum of at most 1. */
  readonly weights: ArrayLike<number>;
  /** Share of the attention that looked at no part of the picture: β of the visual sentinel (Lu et al. 2017, arXiv:1612.01887, §2.2). */
  readonly sentinel?: number;
}

/** Attention over a picture: a map over its grid for each word. */
export interface AttentionOverlay {
  readonly picture: Picture;
  /** Rows and columns of equal cells that the whole picture is divided into. */
  readonly grid: readonly [rows: number, columns: number];
  /** Number of a film's frames that lie side by side in the picture, each with as many columns of the grid. Default 1, a single picture. */
  readonly frames?: number;
  /** The words in their order. Without any, the picture is drawn alone. */
  readonly steps: readonly OverlayStep[];
  readonly title?: string;
  /** Language tag of the words, such as 'de', by which pages pronounce and hyphenate them. */
  readonly language?: string;
}

/** One overlay, or several for one file, such as a caption in several languages. */
export type AttentionOverlays = AttentionOverlay | readonly AttentionOverlay[];

export interface CheckedOverlay extends AttentionOverlay {
  readonly frames: number;
  readonly title: string;
}

/** Whether some word has a share that looked at no part of the picture, which is then drawn for each. */
export const hasSentinel = ({ steps }: AttentionOverlay): boolean =>
  steps.some(({ sentinel }) => sentinel !== undefined);

/**
 * Checks overlays and fills in the defaults.
 *
 * @throws HeedError SHAPE_MISMATCH, NOT_FINITE or INVALID_ARGUMENT, with the overlay and the word
 */
export function checkOverlays(overlays: AttentionOverlays): CheckedOverlay[] {
  const list = isList(overlays) ? overlays : [overlays];
  if (list.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: 'there is no attention overlay to draw' });
  return list.map((overlay, n) =>
    checkOverlay(list.length === 1 ? 'attention overlay' : `attention overlay ${n + 1}`, overlay),
  );
}

const isList = (overlays: AttentionOverlays): overlays is readonly AttentionOverlay[] => Array.isArray(overlays);

function checkOverlay(what: string, overlay: AttentionOverlay): CheckedOverlay {
  const { picture, grid, frames = 1, steps, title = '', language } = overlay ?? ({} as AttentionOverlay);
  checkPicture(what, picture);
  if (!Array.isArray(grid) || grid.length !== 2 || !grid.every(isLength)) {
    throw invalid(`${what}: the grid is ${show(grid)}`, '[rows, columns], whole numbers from 1');
  }
  if (!isLength(frames) || grid[1] % frames !== 0) {
    throw invalid(`${what}: frames is ${show(frames)}`, `a number that divides the ${grid[1]} columns of the grid`);
  }
  if (!Array.isArray(steps)) throw invalid(`${what}: steps must be a list`, '[] draws the picture alone');
  for (const [n, step] of steps.entries()) checkStep(`${what}, step ${n}`, step, grid as [number, number]);
  for (const [name, text] of Object.entries({ title, language: language ?? '' })) {
    if (typeof text !== 'string') throw invalid(`${what}: ${name} must be text`);
  }
  return { picture, grid: grid as unknown as AttentionOverlay['grid'], frames, steps, title, language };
}

function checkPicture(what: string, picture: Picture): void {
  const { width, height, channels, data } = (picture ?? {}) as Partial<Picture>;
  const isBytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!isLength(width) || !isLength(height) || !(channels === 3 || channels === 4) || !isBytes) {
    const given = { width, height, channels };
    throw invalid(`${what}: the picture is ${show(given)}`, '{ width, height, channels: 3 or 4, data: Uint8Array }');
  }
  if (data.length === width * height * channels) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${what}: a picture of ${width} by ${height} pixels in ${channels} channels has ${data.length} bytes`,
    hint: `it needs ${width * height * channels}: a byte for each channel of each pixel`,
    details: { width, height, channels, bytes: data.length },
  });
}

// Softmax in float32, or in float16, sums to a little more than 1 at times.
const SLACK = 1e-3;

function checkStep(what: string, step: OverlayStep, [rows, columns]: readonly [number, number]): void {
  const { word, weights, sentinel } = step ?? ({} as OverlayStep);
  if (typeof word !== 'string') throw invalid(`${what}: word must be text`);
  if (typeof weights?.length !== 'number') throw invalid(`${what}: weights must be a list of numbers`);
  if (weights.length !== rows * columns) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what}: there are ${weights.length} weights, the grid has ${rows} rows of ${columns} cells`,
      hint: 'give a weight for each cell, row by row; what looked at no part of the picture is the sentinel',
      details: { weights: weights.length, grid: [rows, columns] },
    });
  }
  let sum = 0;
  for (const [name, weight] of entriesOf(weights, sentinel)) {
    if (!Number.isFinite(weight)) throw new HeedError('NOT_FINITE', { message: `${what}: the ${name} is ${weight}` });
    if (weight < 0) throw invalid(`${what}: the ${name} is ${weight}`, 'shares of attention are from 0 to 1');
    sum += weight;
  }
  if (sum <= 1 + SLACK) return;
  throw invalid(
    `${what}: the weights and the sentinel sum to ${sum}`,
    'they are shares of one whole: at most 1 in all',
  );
}

function* entriesOf(weights: ArrayLike<number>, sentinel = 0): Generator<readonly [name: string, weight: number]> {
  for (let n = 0; n < weights.length; n++) yield [`weight of cell ${n}`, weights[n]];
  yield ['sentinel', sentinel];
}

const isLength = (length: unknown): length is number => Number.isInteger(length) && (length as number) >= 1;

const invalid = (message: string, hint?: string): HeedError => new HeedError('INVALID_ARGUMENT', { message, hint });
