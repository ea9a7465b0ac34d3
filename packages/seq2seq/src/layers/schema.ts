import { HeedError } from '@heed/core';
import * as v from 'valibot';

// Hostile configurations must not ask for more memory than any model of this kind needs.
const LARGEST_WIDTH = 4096;
const LARGEST_ALPHABET = 65536;
const MOST_LAYERS = 8;

export const width = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_WIDTH));
export const layers = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_LAYERS));
export const share = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
/** An alphabet or vocabulary. */
export const symbols = v.pipe(
  v.array(v.pipe(v.string(), v.minLength(1))),
  v.minLength(1),
  v.maxLength(LARGEST_ALPHABET),
  v.check((list) => new Set(list).size === list.length, 'must not hold a symbol twice'),
);

/** Of parameters and of all that is random. */
export const seed = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * A configuration as its schema says, wherever it comes from.
 *
 * @throws HeedError CONFIG_INVALID with the path of the first wrong field
 */
export function parseConfig<Schema extends v.GenericSchema>(
  what: string,
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new HeedError('CONFIG_INVALID', {
    message: `${what}: ${path === null ? 'the configuration' : `'${path}'`} is wrong: ${issue.message.slice(0, 300)}`,
    details: { what, path },
  });
}
