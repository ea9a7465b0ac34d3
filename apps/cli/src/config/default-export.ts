import { HeedError } from '@heed/base';
import { show } from '@heed/core';

/**
 * Whether a file of the user's exports an object by default.
 *
 * @throws HeedError CONFIG_INVALID with the file, what there is instead, and how it is written
 */
export function assertExportsObject(file: string, exported: unknown, hint: string): asserts exported is object {
  if (isObject(exported) && !(exported instanceof Promise)) return;
  const what =
    exported instanceof Promise ? 'a promise' : typeof exported === 'function' ? 'a function' : show(exported);
  throw new HeedError('CONFIG_INVALID', {
    message: `${file}: ${exported === undefined ? 'there is no default export' : `the default export is ${what}`}`,
    hint,
  });
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
