import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import { predictions, type TextSequence } from './batch.js';
import { NumberCounter } from './number-counter.js';

export interface NGramOptions {
  /** n: each symbol is predicted from the n − 1 before it. 0 counts nothing: every symbol is equally probable. */
  readonly order: number;
  /** All that may occur. */
  readonly symbols: readonly string[];
}

const OPTIONS: OptionNames<NGramOptions> = { order: true, symbols: true };

// What stands before the first symbol of a text, and after its last.
const BOUNDARY = 0;

/**
 * Counts how often symbols follow one another, and interpolates the orders as Witten and Bell do: a context that was
 * followed by many different symbols trusts the shorter context more.
 *
 *   p_k(s | h) = (c(h s) + t(h) · p_{k−1}(s | h')) / (c(h) + t(h)), with p₀ = 1 / number of outcomes
 *
 * where c counts, t(h) is how many different symbols followed h, and h' is h without its first symbol.
 *
 * @returns −log p, in nats, of every predicted symbol of a text, as a language model's `surprisal` gives it
 * @throws HeedError INVALID_ARGUMENT for an order that is out of range, or a symbol that isn't among them
 * @see Witten & Bell 1991, "The zero-frequency problem", method C; Chen & Goodman 1999, §2.4, for the interpolation
 */
export function nGram(texts: readonly TextSequence[], options: NGramOptions): (text: TextSequence) => Float64Array {
  checkOptions('nGram', options, OPTIONS);
  const { order, symbols } = options;
  const numbers = new Map(symbols.map((symbol, n) => [symbol, n + 1]));
  const base = symbols.length + 1;
  if (!Number.isSafeInteger(order) || order < 0 || base ** order > Number.MAX_SAFE_INTEGER) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `nGram: order is ${order}, with ${symbols.length} symbols`,
      hint: 'a whole number ≥ 0, such that the possible sequences of so many symbols are fewer than 2^53',
      details: { order, symbols: symbols.length },
    });
  }
  const outcomes = symbols.length + (texts.some(({ ends = true }) => ends) ? 1 : 0);
  // Of contexts of 0, 1, … symbols.
  const tables = Array.from({ length: order }, () => ({
    follows: new NumberCounter(), // c(h s)
    contexts: new NumberCounter(), // c(h)
    kinds: new NumberCounter(), // t(h)
  }));
  const powers = tables.map((_, length) => base ** length);

  function numberOf(symbol: string): number {
    const number = numbers.get(symbol);
    if (number !== undefined) return number;
    throw new HeedError('INVALID_ARGUMENT', { message: `nGram: ${JSON.stringify(symbol)} is not among the symbols` });
  }

  /**
   * Calls back for every place with its symbol and the number of its longest context; shorter ones are its last digits.
   */
  function eachPlace({ symbols: text, ends = true }: TextSequence, visit: (id: number, context: number) => void): void {
    let context = 0;
    for (let n = 0; n < text.length + Number(ends); n++) {
      const id = n < text.length ? numberOf(text[n]) : BOUNDARY;
      visit(id, context);
      context = (context * base + id) % (powers.at(-1) ?? 1);
    }
  }

  for (const text of texts) {
    eachPlace(text, (id, longest) => {
      tables.forEach(({ follows, contexts, kinds }, length) => {
        const context = longest % powers[length];
        contexts.add(context);
        if (follows.add(context * base + id) === 1) kinds.add(context);
      });
    });
  }

  return (text) => {
    const surprisal: number[] = [];
    eachPlace(text, (id, longest) => {
      let probability = 1 / outcomes;
      tables.forEach(({ follows, contexts, kinds }, length) => {
        const context = longest % powers[length];
        const seen = contexts.get(context);
        if (seen === 0) return;
        const different = kinds.get(context);
        probability = (follows.get(context * base + id) + different * probability) / (seen + different);
      });
      surprisal.push(-Math.log(probability));
    });
    return Float64Array.from(surprisal.slice(-predictions(text)));
  };
}
