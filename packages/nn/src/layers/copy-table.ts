import { HeedError } from '@heed/core';
import type { Copies, Occurrence } from '@heed/core/model-ops';
import type { Vocabulary } from './vocabulary.js';

/**
 * Under which numbers the symbols of each source can be put out again. A symbol of the target vocabulary has its number
 * there; the others of a source get those from V on, in the order in which they come: the extended vocabulary.
 *
 * @see See, Liu & Manning 2017, arXiv:1704.04368, §2.2
 */
export class CopyTable implements Copies {
  /** [B, S]; −1 past a row's end. */
  readonly ids: Int32Array;
  /** S */
  readonly time: number;
  /** V, with the boundary. */
  readonly vocabularySize: number;
  /** Symbols of each source that are beyond the vocabulary. */
  readonly beyond: readonly (readonly string[])[];
  /** V and the most that a source has beyond it. */
  readonly size: number;
  readonly #vocabulary: Vocabulary;
  #occurrences: readonly (readonly Occurrence[])[] | undefined;

  constructor(sources: readonly (readonly string[])[], vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.vocabularySize = vocabulary.size;
    this.time = sources.reduce((longest, { length }) => Math.max(longest, length), 0);
    this.ids = new Int32Array(sources.length * this.time).fill(-1);
    this.beyond = sources.map((source, b) => {
      const beyond = [...new Set(source)].filter((symbol) => vocabulary.number(symbol) === undefined);
      source.forEach((symbol, j) => {
        this.ids[b * this.time + j] = vocabulary.number(symbol) ?? vocabulary.size + beyond.indexOf(symbol);
      });
      return beyond;
    });
    this.size = vocabulary.size + this.beyond.reduce((most, { length }) => Math.max(most, length), 0);
  }

  get batch(): number {
    return this.beyond.length;
  }

  /** Numbers that can be copied from each source, and from which positions. */
  get occurrences(): readonly (readonly Occurrence[])[] {
    return (this.#occurrences ??= this.beyond.map((_, b) => {
      const positions = new Map<number, number[]>();
      for (let j = 0; j < this.time; j++) {
        const id = this.ids[b * this.time + j];
        if (id < 0) continue;
        const at = positions.get(id);
        if (at === undefined) positions.set(id, [j]);
        else at.push(j);
      }
      return Array.from(positions, ([id, at]) => ({ id, positions: at }));
    }));
  }

  /** What a number means as an output for that source. */
  symbol(id: number, source: number): string {
    return id < this.vocabularySize ? this.#vocabulary.symbol(id) : this.beyond[source][id - this.vocabularySize];
  }

  /** @throws HeedError INVALID_ARGUMENT for a symbol that is neither in the target vocabulary nor in the source */
  encodeTarget(target: readonly string[], source: number): number[] {
    return target.map((symbol) => {
      const number = this.#vocabulary.number(symbol);
      if (number !== undefined) return number;
      const at = this.beyond[source].indexOf(symbol);
      if (at >= 0) return this.vocabularySize + at;
      throw new HeedError('INVALID_ARGUMENT', {
        message: `target symbol ${JSON.stringify(symbol)} is neither in the model's vocabulary nor in its source`,
        hint: 'what is in neither can be learnt by no model: leave the pair out, or write another symbol for it',
        details: { symbol, target },
      });
    });
  }
}
