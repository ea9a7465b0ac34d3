/** A weight or score for people: with three decimals, or with two significant digits when that would be 0. */
export function short(value: number): string {
  const size = Math.abs(value);
  return value !== 0 && (size < 0.001 || size >= 1e6) ? value.toPrecision(2) : String(Number(value.toFixed(3)));
}

// Greatest number of items that a sentence lists.
const MOST_NAMED = 8;

/** First few items of a list, quoted. */
export const quoted = (list: readonly string[], quote: (one: string) => string, comma: string): string =>
  list.slice(0, MOST_NAMED).map(quote).join(comma) + (list.length > MOST_NAMED ? ' …' : '');
