import { parser } from '@heed/attention/schema';
import * as v from 'valibot';
import type { Sweep } from './definition.js';

const parse = parser('CONFIG_INVALID');

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const STEPS = count;
/** A step from which on something holds. */
export const STEP = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const SEED = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const value = v.union([finite, text, v.literal(true), v.pipe(v.array(text), v.minLength(1))]);
const values = v.pipe(v.array(value), v.minLength(1));
export const SETTINGS = v.record(text, value);
const share = v.pipe(v.number(), v.gtValue(0), v.ltValue(1));

const draw = v.union([
  v.strictObject({ among: values }),
  v.strictObject({
    from: finite,
    to: finite,
    scale: v.optional(v.picklist(['linear', 'log'])),
    whole: v.optional(v.boolean()),
  }),
]);

const SWEEP = v.strictObject({
  task: text,
  settings: v.optional(SETTINGS),
  grid: v.optional(v.record(text, values)),
  list: v.optional(v.pipe(v.array(SETTINGS), v.minLength(1))),
  random: v.optional(v.strictObject({ draws: count, seed: SEED, from: v.record(text, draw) })),
  seeds: v.optional(v.pipe(v.array(SEED), v.minLength(1))),
  minimise: v.optional(text),
  maximise: v.optional(text),
  halving: v.optional(v.strictObject({ steps: v.pipe(v.array(STEPS), v.minLength(2)), keep: v.optional(share) })),
  median: v.optional(v.strictObject({ startup: v.optional(count), after: v.optional(STEP) })),
  budget: v.optional(v.strictObject({ jobs: v.optional(count), time: v.optional(text) })),
});

/**
 * A file's default export as a sweep.
 *
 * @param file its path as people know it
 * @throws HeedError CONFIG_INVALID for the first thing that is wrong, with its place and what was wanted
 */
export const checkSweep = (file: string, exported: unknown): Sweep => parse(file, SWEEP, exported) as Sweep;
