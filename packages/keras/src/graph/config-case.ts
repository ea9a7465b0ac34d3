import type { Json } from '../files/read-json.js';

/** A configuration in which everything is computed in float32, whatever the policy of types was. */
export function plainConfig(config: Json): Json {
  return { ...config, dtype: 'float32' };
}

/** A configuration as classes of JavaScript take it: `num_heads` is `numHeads`. What names hold stays as it is. */
export function camelCased(config: Json): Json {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [camel(key), value]));
}

/** `num_heads` as `numHeads`. */
export const camel = (key: string): string =>
  key.replaceAll(/(?!^)_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
