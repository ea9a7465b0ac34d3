import type { TextExample } from '../text/text.js';
import type { WindowRange } from '../text/windows.js';
import { graphemesOf } from './units.js';

/** Character that stands for those that a model doesn't know: Unicode's replacement character. */
export const REPLACEMENT = '\uFFFD';

/** What the windows of one text have in common. */
export interface WindowedText {
  readonly text: string;
  /** Characters that a model knows. */
  readonly known: ReadonlySet<string>;
  /** Whether the end of the text is predicted, too. */
  readonly ends: boolean;
}

/** A window that keeps its place in a text alone: text and symbols are cut when they are asked for, and not kept. */
export class OwnWindow implements TextExample {
  readonly context: number;
  readonly #whole: WindowedText;
  readonly #start: number;
  readonly #end: number;

  /** @param start and `end` are indices in the text of UTF-16 code units, `context` a number of characters */
  constructor(whole: WindowedText, { start, end, context }: WindowRange) {
    this.context = context;
    this.#whole = whole;
    this.#start = start;
    this.#end = end;
  }

  get text(): string {
    return this.#whole.text.slice(this.#start, this.#end);
  }

  get ends(): boolean {
    return this.#whole.ends && this.#end === this.#whole.text.length;
  }

  get symbols(): readonly string[] {
    const { known } = this.#whole;
    const symbols = graphemesOf(this.text);
    return symbols.every((symbol) => known.has(symbol))
      ? symbols
      : symbols.map((symbol) => (known.has(symbol) ? symbol : REPLACEMENT));
  }
}
