import type { CheckedMap, Domain } from './attention-map.js';
import { isMasked } from './attention-map.js';

/**
 * A number in the few characters that fit in a cell: 0.25, 12.3; only an exact 0 is written 0. When all numbers of the map are
 * too small for two decimals, they are written with powers of ten: 3e-8.
 */
export function cellNumber(value: number, [low, high]: Domain): string {
  if (value === 0) return '0';
  const most = Math.max(-low, high);
  const size = Math.abs(value);
  if (most < LEAST_PLAIN || size >= MOST_PLAIN) return value.toExponential(0).replace('e+', 'e');
  const text = value.toFixed(size >= 99.5 ? 0 : size >= 9.95 ? 1 : 2);
  return text === '-0.00' ? '0.00' : text;
}

/** Numbers of a small map, row by row, with '' in masked cells; undefined when one of them is too long for its cell. */
export function cellNumbers(map: CheckedMap, domain: Domain, longest: number): string[][] | undefined {
  if (longest < 1 || map.rows * map.columns > MOST_CELLS) return undefined;
  const numbers = map.weights.map((row, i) =>
    Array.from({ length: map.columns }, (_, j) => (isMasked(map, i, j) ? '' : cellNumber(row[j], domain))),
  );
  return numbers.every((row) => row.every(({ length }) => length <= longest)) ? numbers : undefined;
}

const LEAST_PLAIN = 0.095;
const MOST_PLAIN = 9999.5;
// Greatest number of cells with numbers: nobody reads more.
const MOST_CELLS = 1024;
