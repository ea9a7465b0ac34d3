import { resize, type Colour, type Picture } from '@heed/pictures';
import { drawFrame, FRAME_SIDE } from './draw.js';

/** Style that films are drawn in: its pictures are flat, so that they can be told at 16 pixels, and are read the soonest. */
export const VIDEO_STYLE = 'fluent';

/** A drawn thing, as films need it. */
export interface Thing {
  readonly emoji: string;
  /** Picture of 24 by 24 pixels, RGBA: large enough for the largest thing of a film. */
  readonly picture: Picture;
  /** Mean colour of what is drawn. */
  readonly colour: Colour;
  /** The thing by itself in a frame, by which it is told from others. */
  readonly small: Uint8Array;
  /** Whether it looks different when it is turned, either way: a ball doesn't. */
  readonly turns: boolean;
}

const SIDE = 24;
const GREY: Colour = [128, 128, 128];
const ALONE = { x: FRAME_SIDE / 2, y: FRAME_SIDE / 2, side: SIDE, turns: 0, alpha: 1 } as const;
/** Mean difference of bytes from which on anybody sees that two frames aren't of the same thing. */
const SEEN = 12;

export function createThing(emoji: string, drawn: Picture): Thing {
  const picture = resize(drawn, SIDE, SIDE, 'box');
  const [small, ...turned] = [0, 1, 3].map((turns) => drawFrame(picture, { ...ALONE, turns }, GREY).data);
  return { emoji, picture, colour: meanColour(picture), small, turns: turned.every((one) => areDifferent(one, small)) };
}

/** Whether two things, each by itself in a frame, look different. */
export function areDifferent(a: Uint8Array, b: Uint8Array): boolean {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += Math.abs(a[n] - b[n]);
  return sum >= SEEN * a.length;
}

function meanColour({ data }: Picture): Colour {
  const sums = [0, 0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    for (let n = 0; n < 3; n++) sums[n] += data[at + n] * data[at + 3];
    sums[3] += data[at + 3];
  }
  const mean = (n: number): number => sums[n] / Math.max(1, sums[3]);
  return [mean(0), mean(1), mean(2)];
}
