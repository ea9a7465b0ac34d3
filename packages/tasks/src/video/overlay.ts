import type { AttentionOverlay } from '@heed/heatmap';
import { rgbaOf, resize, type Picture } from '@heed/pictures';

/** Side of a frame in a strip, in pixels: a file holds them as text. */
const SIDE = 96;
/** White pixels at the right edge of each frame but the last one, that tell it from the next. */
const EDGE = 2;
const WHITE = 255;
const CHANNELS = 4;

/** What each word looked at. */
export interface FilmLook {
  readonly symbols: readonly string[];
  /** Over the grids of all frames, one after the other, each row by row. */
  readonly weights: readonly Float32Array[];
  readonly title: string;
}

/**
 * What each word looked at, over a strip of the frames side by side.
 *
 * @param frames squares of the same size
 */
export function stripOf(
  frames: readonly Picture[],
  { symbols, weights, title }: FilmLook,
  gridSide: number,
): AttentionOverlay {
  return {
    picture: joined(frames.map((frame) => resize(rgbaOf(frame), SIDE, SIDE, 'nearest'))),
    grid: [gridSide, frames.length * gridSide],
    frames: frames.length,
    steps: symbols.map((word, n) => ({ word, weights: sideBySide(weights[n], frames.length, gridSide) })),
    title,
    language: 'en',
  };
}

/** Grids one after the other [F, R, C] as one of all columns, [R, F, C]. */
function sideBySide(weights: Float32Array, frames: number, side: number): Float32Array {
  const strip = new Float32Array(weights.length);
  weights.forEach((weight, n) => {
    const [frame, row, column] = [Math.floor(n / side ** 2), Math.floor(n / side) % side, n % side];
    strip[(row * frames + frame) * side + column] = weight;
  });
  return strip;
}

function joined(frames: readonly Picture[]): AttentionOverlay['picture'] {
  const width = frames.length * SIDE;
  const data = new Uint8Array(width * SIDE * CHANNELS).fill(WHITE);
  for (const [n, frame] of frames.entries()) {
    const seen = SIDE - (n === frames.length - 1 ? 0 : EDGE);
    for (let row = 0; row < SIDE; row++) {
      const from = row * SIDE * CHANNELS;
      data.set(frame.data.subarray(from, from + seen * CHANNELS), (row * width + n * SIDE) * CHANNELS);
    }
  }
  return { width, height: SIDE, channels: CHANNELS, data };
}
