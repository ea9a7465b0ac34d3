import type { FormulaPart } from './math.js';

/**
 * Parts of a formula that stand out, with their maps: the one under the pointer, and the one that was chosen. They are two, so that a
 * pointer that rests on the formula takes nothing from who works with keys.
 */
export class LitParts {
  pointed: FormulaPart | undefined = $state();
  chosen: FormulaPart | undefined = $state();

  has(part: FormulaPart): boolean {
    return part === this.pointed || part === this.chosen;
  }

  /** Chooses a part; the chosen one once more gives it up. */
  choose(part: FormulaPart): void {
    this.chosen = this.chosen === part ? undefined : part;
  }
}
