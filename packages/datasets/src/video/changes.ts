import type { Random } from '../random.js';

/** Where and how a thing is drawn in a frame. */
export interface Pose {
  /** Middle of the thing, in pixels from the upper left. */
  readonly x: number;
  readonly y: number;
  /** Side of the thing, in pixels. */
  readonly side: number;
  /** Quarters of a turn, clockwise. */
  readonly turns: number;
  /** Share of what is behind it that it hides, from 0 to 1. */
  readonly alpha: number;
}

/** A kind of change: what a film says of it, and how the thing is drawn afterwards. */
interface Change {
  readonly answer: readonly string[];
  after?(pose: Pose, random: Random): Pose;
}

/** Pixels that a thing moves by. */
const [LEAST_WAY, MOST_WAY] = [5, 8];
const wayOf = (random: Random): number => LEAST_WAY + random.below(MOST_WAY - LEAST_WAY + 1);
const GROWTH = 1.6;
/** What is left of a thing that fades: it can still be seen. */
const FADED = 0.3;

/** Kinds of changes by name. */
export const CHANGES = {
  left: { answer: ['it', 'moved', 'left'], after: (pose, random) => ({ ...pose, x: pose.x - wayOf(random) }) },
  right: { answer: ['it', 'moved', 'right'], after: (pose, random) => ({ ...pose, x: pose.x + wayOf(random) }) },
  up: { answer: ['it', 'moved', 'up'], after: (pose, random) => ({ ...pose, y: pose.y - wayOf(random) }) },
  down: { answer: ['it', 'moved', 'down'], after: (pose, random) => ({ ...pose, y: pose.y + wayOf(random) }) },
  turn: {
    answer: ['it', 'turned'],
    after: (pose, random) => ({ ...pose, turns: random.pick([1, 3]) }),
  },
  growth: { answer: ['it', 'grew'], after: (pose) => ({ ...pose, side: pose.side * GROWTH }) },
  shrinkage: { answer: ['it', 'shrank'], after: (pose) => ({ ...pose, side: pose.side / GROWTH }) },
  fading: { answer: ['it', 'faded'], after: (pose) => ({ ...pose, alpha: FADED }) },
  other: { answer: ['it', 'became', 'another'] },
  none: { answer: ['it', 'stayed'] },
} as const satisfies Readonly<Record<string, Change>>;

export type ChangeName = keyof typeof CHANGES;
export const CHANGE_NAMES = Object.keys(CHANGES) as readonly ChangeName[];

/** How a thing is drawn after a change of some kind. */
export function poseAfter(name: ChangeName, pose: Pose, random: Random): Pose {
  const change: Change = CHANGES[name];
  return change.after?.(pose, random) ?? pose;
}
