import { parser } from '@heed/attention/schema';
import * as v from 'valibot';

// Hostile configurations must not ask for more memory than any model of this kind needs.
const LARGEST_WIDTH = 4096;
const LARGEST_ALPHABET = 65536;
const MOST_LAYERS = 8;

export const width = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_WIDTH), v.examples([64]));
export const layers = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_LAYERS));
export const share = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
/** Symbols of an alphabet or vocabulary. */
export const symbols = v.pipe(
  v.array(v.pipe(v.string(), v.minLength(1))),
  v.minLength(1),
  v.maxLength(LARGEST_ALPHABET),
  v.check((list) => new Set(list).size === list.length, 'must not hold a symbol twice'),
);

/** Seed of parameters and of all that is random. */
export const seed = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.examples([7]));

/**
 * A configuration as its schema says, wherever it comes from.
 *
 * @throws HeedError CONFIG_INVALID with the path of the first wrong field
 */
export const parseConfig = parser('CONFIG_INVALID');

/**
 * A configuration whose settings have the names of today, also one that was written when some had others. What isn't such a
 * configuration, or has both names of a setting, is left for the schema to refuse.
 *
 * @param former names that settings had, and what they are called now
 */
export function withPresentNames(config: unknown, former: Readonly<Record<string, string>>): unknown {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return config;
  const isFormer = (name: string): boolean => Object.hasOwn(former, name) && !Object.hasOwn(config, former[name]);
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [isFormer(name) ? former[name] : name, value]),
  );
}
