import { HeedError } from '@heed/core';

/** Number of the symbol that stands before the first and after the last one of every output. */
export const BOUNDARY = 0;

/** Symbols as numbers. Number 0 is the boundary; on the source side it only fills up short rows. */
export class Vocabulary {
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(
    readonly what: string,
    readonly symbols: readonly string[],
  ) {
    this.#numbers = new Map(symbols.map((symbol, i) => [symbol, i + 1]));
  }

  /** Number of symbols, with the boundary. */
  get size(): number {
    return this.symbols.length + 1;
  }

  /** @throws HeedError INVALID_ARGUMENT for a symbol that the model was not built for */
  encode(sequence: readonly string[]): number[] {
    return sequence.map((symbol) => {
      const number = this.#numbers.get(symbol);
      if (number === undefined) {
        throw new HeedError('INVALID_ARGUMENT', {
          message: `${this.what} symbol ${JSON.stringify(symbol)} is not in the model's vocabulary`,
          hint:
            this.symbols.length <= MOST_TOLD
              ? `it knows: ${this.symbols.join(' ')}`
              : `it knows ${this.symbols.length} others`,
          details: { symbol, sequence },
        });
      }
      return number;
    });
  }

  /** Undefined for a symbol that the model was not built for. */
  number(symbol: string): number | undefined {
    return this.#numbers.get(symbol);
  }

  symbol(number: number): string {
    return this.symbols[number - 1];
  }
}

// An alphabet is worth a look, a vocabulary fills the screen.
const MOST_TOLD = 100;
