/** A weight or score for people: three decimals, or two digits where that would be 0. */
export function short(value: number): string {
  const size = Math.abs(value);
  return value !== 0 && (size < 0.001 || size >= 1e6) ? value.toPrecision(2) : String(Number(value.toFixed(3)));
}

// More is no sentence.
const MOST_NAMED = 8;

/** The first few of a list. */
export const quoted = (list: readonly string[], quote: (one: string) => string, comma: string): string =>
  list.slice(0, MOST_NAMED).map(quote).join(comma) + (list.length > MOST_NAMED ? ' …' : '');
