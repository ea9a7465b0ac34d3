import { canReplay } from './replayable.js';

/** How many wait at most; the one that waited longest goes. */
const MOST = 4;

/**
 * Decodings that wait for the next search or text, so that what was recorded of them serves again. Their model holds them; where nothing is
 * done again, none waits.
 */
export class Waiting<T extends { dispose(): void }> {
  #all: readonly T[] = [];
  #isClosed = false;

  /** One that waits and fits, which is the caller's from now on. */
  take(fits: (one: T) => boolean = () => true): T | undefined {
    const found = this.#all.find(fits);
    this.#all = this.#all.filter((one) => one !== found);
    return found;
  }

  /** @param restart makes it as it was before it was used; returns whether it can */
  give(one: T, restart: () => boolean): void {
    if (this.#isClosed || !canReplay() || !restart()) {
      one.dispose();
      return;
    }
    const all = [...this.#all, one];
    for (const oldest of all.slice(0, -MOST)) oldest.dispose();
    this.#all = all.slice(-MOST);
  }

  /** Disposes of those that wait, and of those that come later. */
  dispose(): void {
    this.#isClosed = true;
    for (const one of this.#all) one.dispose();
    this.#all = [];
  }
}
