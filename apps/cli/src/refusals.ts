import type { Output } from './host.js';
import { describePlace, type Place } from './inputs.js';
import { describeError, toldBy, type Report } from './io/errors.js';

// As many as show what is wrong with a file; its other lines are wrong in the same way.
const MOST_TOLD = 3;

/**
 * Tells what is wrong with single inputs, while the others are answered: of each to programs; to people the first ones of every
 * kind, and at the end how many more there were.
 */
export class Refusals {
  count = 0;
  readonly #output: Output;
  readonly #most: number;
  readonly #kinds = new Map<string, { readonly code: string; count: number; last: string }>();

  /** @param all tell each, to somebody who types them */
  constructor(output: Output, { all }: { readonly all: boolean }) {
    this.#output = output;
    this.#most = all ? Infinity : MOST_TOLD;
  }

  tell(input: string, from: Place, error: unknown): void {
    const report = describeError(error);
    this.#output.event({ event: 'error', input, ...from, ...toldBy(report) });
    this.tellPeople(from, report);
  }

  /** To people alone, where programs have been told. */
  tellPeople(from: Place, { code, message, hint, exit }: Report): void {
    this.count++;
    const place = describePlace(from);
    // Messages quote the input; the hint is the same for all that break one rule.
    const key = `${code} ${hint ?? message}`;
    const kind = this.#kinds.get(key) ?? { code, count: 0, last: place };
    this.#kinds.set(key, kind);
    kind.count++;
    kind.last = place;
    if (kind.count > this.#most) return;
    const told = { code, message: place === '' ? message : `${place}: ${message}`, exit };
    this.#output.error(kind.count === 1 && hint !== undefined ? { ...told, hint } : told);
  }

  /** The sum of those that were not told. */
  end(): void {
    for (const { code, count, last } of this.#kinds.values()) {
      const more = count - this.#most;
      if (more > 0)
        this.#output.note(
          `${code} for the same reason: ${more} more ${more === 1 ? 'input' : 'inputs'}${last === '' ? '' : `, the last one ${last}`}`,
        );
    }
  }
}
