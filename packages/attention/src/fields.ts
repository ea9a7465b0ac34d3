import * as v from 'valibot';
import { parser } from './schema.js';

const LARGEST_WIDTH = 65536;

export const width = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_WIDTH), v.examples([64]));
export const seed = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.examples([7]));
export const finite = v.pipe(v.number(), v.finite());
export const positive = v.pipe(finite, v.gtValue(0));
/** A number of positions. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 29));
/** A position, which may lie before the first. */
export const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 29)), v.maxValue(2 ** 29));
export const scale = v.union([finite, v.literal('learned')]);

/** The beginning of the variables' names. */
export const nameOr = (kind: string) =>
  v.optional(
    v.pipe(v.string(), v.maxLength(200), v.regex(/^\w[\w./-]*$/, 'name must be of letters, digits and _ . / -')),
    kind,
  );

/**
 * The options of a mechanism, checked and with defaults filled in. They may come from a file, so nothing is trusted.
 *
 * @throws HeedError CONFIG_INVALID with the path of the first wrong field
 */
export const parseConfig = parser('CONFIG_INVALID');

/** The same for the arguments of a function: INVALID_ARGUMENT. */
export const parseArguments = parser('INVALID_ARGUMENT');
