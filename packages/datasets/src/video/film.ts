import { HeedError } from '@heed/base';
import type { Colour, RgbPicture } from '@heed/pictures';
import type { Random } from '../random.js';
import { CHANGE_NAMES, poseAfter, type ChangeName, type Pose } from './changes.js';
import { drawFrame, FRAME_SIDE } from './draw.js';
import { areDifferent, type Thing } from './things.js';

/** Frames of a film. */
export const FRAMES = 6;

/** A short film that was made: a thing changes once, at most, and perhaps the background does, too. */
export interface Film {
  /** Emoji that is drawn. */
  readonly emoji: string;
  readonly change: ChangeName;
  /** Number of the frame, from 0, that is the first one after the change; undefined where the thing stays as it is. */
  readonly changesAt: number | undefined;
  /** The same of the background's colour, which no question is about. */
  readonly backgroundAt: number | undefined;
  /** Frames of 32 by 32 pixels in RGB, drawn anew each time that they are asked for. */
  readonly frames: readonly RgbPicture[];
}

const MIDDLE = FRAME_SIDE / 2;
/** A thing is at most so far from the middle before it changes, in pixels, so that where it is doesn't say where it can go. */
const MOST_AWAY = 4;
const [LEAST_SIDE, MOST_SIDE] = [12, 16];
/** Distance of two colours that are told apart at a glance, of the 442 between black and white. */
const FAR = 110;
const LATER = FRAMES - 1;

/**
 * The film of a number. Kinds of changes and frames follow from the number, so that each is as common as others; everything else is drawn at
 * random.
 *
 * @param things to draw
 * @throws HeedError INVALID_ARGUMENT when none of the things can change in the way of this number
 */
export function makeFilm(things: readonly Thing[], n: number, random: Random): Film {
  const change = CHANGE_NAMES[n % CHANGE_NAMES.length];
  const frame = 1 + (Math.floor(n / CHANGE_NAMES.length) % LATER);
  const changesAt = change === 'none' ? undefined : frame;
  const thing = pickThat(things, random, (one) => change !== 'turn' || one.turns);
  const other = change === 'other' ? pickThat(things, random, (one) => areDifferent(one.small, thing.small)) : thing;
  const colours = [thing.colour, other.colour];
  const first = pickColour(random, colours);
  const second = pickColour(random, [...colours, first]);
  // In half of the films the background changes, in any frame but that of the thing.
  const backgroundAt = random.chance(0.5) ? 1 + ((frame + random.below(LATER - 1)) % LATER) : undefined;
  const away = (): number => MIDDLE - MOST_AWAY + random.below(2 * MOST_AWAY + 1);
  const before: Pose = {
    x: away(),
    y: away(),
    side: LEAST_SIDE + random.below(MOST_SIDE - LEAST_SIDE + 1),
    turns: 0,
    alpha: 1,
  };
  const after = poseAfter(change, before, random);
  const at = (frame: number): RgbPicture => {
    const isAfter = frame >= (changesAt ?? FRAMES);
    const background = frame >= (backgroundAt ?? FRAMES) ? second : first;
    return isAfter ? drawFrame(other.picture, after, background) : drawFrame(thing.picture, before, background);
  };
  return {
    emoji: thing.emoji,
    change,
    changesAt,
    backgroundAt,
    get frames() {
      return Array.from({ length: FRAMES }, (_, frame) => at(frame));
    },
  };
}

/** A colour that is far from others, of which there are at most three: they are never near to all corners of the cube of colours. */
function pickColour(random: Random, others: readonly Colour[]): Colour {
  for (;;) {
    const colour: Colour = [random.below(256), random.below(256), random.below(256)];
    if (others.every((other) => Math.hypot(...colour.map((value, n) => value - other[n])) >= FAR)) return colour;
  }
}

/** Tries for a picture that fits: most do. */
const MOST_TRIES = 200;

function pickThat(things: readonly Thing[], random: Random, isRight: (one: Thing) => boolean): Thing {
  for (let tries = 0; things.length > 0 && tries < MOST_TRIES; tries++) {
    const one = random.pick(things);
    if (isRight(one)) return one;
  }
  throw new HeedError('INVALID_ARGUMENT', {
    message: `video: of ${things.length} pictures none can be drawn`,
    hint: 'there are too few pictures that differ: give this part a greater share',
  });
}
