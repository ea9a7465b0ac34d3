import { UNKNOWN } from '@heed/datasets';
import type { WrittenSymbols } from './reading.js';

/**
 * Output of a hypothesis in which each unknown symbol becomes the unknown unit of the source that it attended to most, or ''
 * without attention.
 *
 * @param units  the source as it was written
 * @param source the same as the model read it, with unknown symbols
 * @see Luong, Sutskever, Le, Vinyals & Zaremba 2015, arXiv:1410.8206, "Addressing the rare word problem", §3, for copying by alignment
 */
export function fillIn(
  { output, weights }: WrittenSymbols,
  units: readonly string[],
  source: readonly string[],
): string[] {
  return output.map((symbol, i) => {
    if (symbol !== UNKNOWN) return symbol;
    let best = '';
    let most = -1;
    source.forEach((given, j) => {
      const weight = given === UNKNOWN ? (weights?.[i]?.[j] ?? -1) : -1;
      if (weight > most) [best, most] = [units[j], weight];
    });
    return best;
  });
}
