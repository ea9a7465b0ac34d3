import type { PairExample } from './own-data.js';
import type { Side } from './side.js';

/** Both sides of pairs. */
export interface Sides {
  readonly source: Side;
  readonly target: Side;
}

/** A pair that keeps its texts alone: symbols are cut when they are asked for, and not kept. */
export class OwnPair implements PairExample {
  readonly text: string;
  readonly references: readonly string[];
  readonly #sides: Sides;

  constructor(text: string, references: readonly string[], sides: Sides) {
    this.text = text;
    this.references = references;
    this.#sides = sides;
  }

  get source(): readonly string[] {
    return this.#sides.source.cut(this.text);
  }

  get targets(): readonly (readonly string[])[] {
    return this.references.map((text) => this.#sides.target.cut(text));
  }
}
