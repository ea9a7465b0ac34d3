import type { Example } from '@heed/metrics';
import type { Pair } from '@heed/nn';

/**
 * Pairs that are learnt from an example, one for each of its targets. They ask the example for its symbols each time: large data
 * cut them from their texts on demand, and millions of pairs fit into memory only uncut.
 */
export const pairItems = (example: Example): Pair[] => example.targets.map((_, n) => new PairItem(example, n));

class PairItem implements Pair {
  readonly #example: Example;
  readonly #n: number;

  constructor(example: Example, n: number) {
    this.#example = example;
    this.#n = n;
  }

  get source(): readonly string[] {
    return this.#example.source;
  }

  get target(): readonly string[] {
    return this.#example.targets[this.#n];
  }
}
