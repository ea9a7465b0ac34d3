import { HeedError } from '@heed/base';
import { positionOf, type Shares, type Split } from '../split.js';
import type { Groups } from './groups.js';

/** What of groups counts here. */
type Grouped = Pick<Groups, 'size' | 'components' | 'keyOf'>;

/** How groups are put into parts. */
export interface PartSettings extends Shares {
  readonly seed: number;
  /** For each text the part whose file it was in: 'train' for files that parts are taken from. */
  given(n: number): Split;
  /** Number of the class of a text, of which the training part must have one. */
  classOf?(n: number): number;
}

/** The part of each text, and what was counted on the way. */
export interface Parts {
  /** Part of a text; undefined for one that is left out of training because a file for validation or test has its like. */
  of(n: number): Split | undefined;
  readonly groups: number;
  readonly largestGroup: number;
}

/**
 * Puts each group of texts into a part, by a hash of its name and the seed.
 *
 * The group stays in its part when the order of the texts changes. Three rules keep the parts usable: a group of several texts
 * that are more than a tenth of all is for training; so are all groups of a class that training would lack; and a part with a
 * share that got no group gets the one that was nearest to it.
 *
 * @throws HeedError INVALID_ARGUMENT when there are too few groups for the parts
 */
export function partsOf(what: string, groups: Grouped, settings: PartSettings): Parts {
  const all = new GroupTable(groups, settings);
  if (settings.classOf !== undefined) all.keepClasses(settings.classOf);
  all.fill(what);
  return {
    of: (n) => (settings.given(n) === 'train' ? all.partOf(n) : settings.given(n)),
    groups: all.count,
    largestGroup: all.largest,
  };
}

// A group of more than a tenth of the texts would be most of a validation or test part.
const LARGE = 10;

const PARTS = ['train', 'validation', 'test'] as const satisfies readonly Split[];
const [TRAIN, VALIDATION, TEST] = [0, 1, 2];
/** Number in the place of a part, of groups that a file for validation or test has texts of. */
const HELD = 3;

/** Groups by the number of their root, in 21 bytes a text. */
class GroupTable {
  readonly #groups: Grouped;
  readonly #settings: PartSettings;
  /** Root of each text. */
  readonly #roots: Int32Array;
  /** Number of texts of the group, by its root, as all that follow. */
  readonly #sizes: Int32Array;
  /** The text with the least key, which names the group. */
  readonly #names: Int32Array;
  /** Place in [0, 1) of the split, by the name. */
  readonly #positions: Float64Array;
  /** Number of the part. */
  readonly #parts: Uint8Array;

  constructor(groups: Grouped, settings: PartSettings) {
    const { size, components } = groups;
    this.#groups = groups;
    this.#settings = settings;
    this.#roots = new Int32Array(size);
    this.#sizes = new Int32Array(size);
    this.#names = new Int32Array(size);
    this.#positions = new Float64Array(size).fill(Infinity);
    this.#parts = new Uint8Array(size);
    for (let n = 0; n < size; n++) {
      const root = components.rootOf(n);
      this.#roots[n] = root;
      this.#sizes[root]++;
      // The name doesn't depend on the order of the texts. A root is its least number, so it comes first.
      if (n === root || groups.keyOf(n) < groups.keyOf(this.#names[root])) this.#names[root] = n;
      if (settings.given(n) !== 'train') this.#parts[root] = HELD;
    }
    const { test, validation, seed } = settings;
    for (const root of this.#own()) {
      if (this.#sizes[root] > Math.max(1, size / LARGE)) continue;
      const at = positionOf(groups.keyOf(this.#names[root]), seed);
      this.#positions[root] = at;
      this.#parts[root] = at < test ? TEST : at < test + validation ? VALIDATION : TRAIN;
    }
  }

  get count(): number {
    return this.#sizes.reduce((count, size) => count + (size > 0 ? 1 : 0), 0);
  }

  get largest(): number {
    return this.#sizes.reduce((most, size) => Math.max(most, size), 0);
  }

  /** Part of a text of the data. */
  partOf(n: number): Split | undefined {
    const part = this.#parts[this.#roots[n]];
    return part === HELD ? undefined : PARTS[part];
  }

  /** Moves all groups with a class that training lacks there. */
  keepClasses(classOf: (n: number) => number): void {
    const learnt = new Set<number>();
    this.#roots.forEach((root, n) => {
      if (this.#parts[root] === TRAIN) learnt.add(classOf(n));
    });
    this.#roots.forEach((root, n) => {
      if (this.#parts[root] !== HELD && !learnt.has(classOf(n))) this.#parts[root] = TRAIN;
    });
  }

  /** Gives each part that is wanted and empty the group that is nearest to it. */
  fill(what: string): void {
    const { validation, test, seed } = this.#settings;
    const wanted = [
      [TEST, test],
      [VALIDATION, validation],
    ].flatMap(([part, share]) => (share > 0 ? part : []));
    for (const part of wanted) {
      if (this.#has(part)) continue;
      const nearest = this.#nearest(part);
      if (nearest !== undefined) this.#parts[nearest] = part;
    }
    const lacking = [...wanted, TRAIN].filter((part) => !this.#has(part)).map((part) => PARTS[part]);
    if (lacking.length === 0) return;
    const count = [...this.#own()].length;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: the data are ${count} group${count === 1 ? '' : 's'} of texts that must stay together, too few for ${lacking.join(' and ')} with seed ${seed}`,
      hint: 'bring more data, or files of their own for validation and test; texts that are nearly the same are one group',
      details: { groups: count, lacking },
    });
  }

  /** Roots of the groups that no file for validation or test has a text of. */
  *#own(): Generator<number> {
    for (let root = 0; root < this.#sizes.length; root++) {
      if (this.#sizes[root] > 0 && this.#parts[root] !== HELD) yield root;
    }
  }

  #has(part: number): boolean {
    for (const root of this.#own()) if (this.#parts[root] === part) return true;
    return false;
  }

  /** The group of the least position that a part may take: the test comes first, so validation leaves it its own. */
  #nearest(part: number): number | undefined {
    let nearest: number | undefined;
    for (const root of this.#own()) {
      if (this.#positions[root] === Infinity || (this.#parts[root] === TEST && part !== TEST)) continue;
      if (nearest === undefined || this.#isBefore(root, nearest)) nearest = root;
    }
    return nearest;
  }

  #isBefore(a: number, b: number): boolean {
    const [first, second] = [this.#positions[a], this.#positions[b]];
    if (first !== second) return first < second;
    return this.#groups.keyOf(this.#names[a]) < this.#groups.keyOf(this.#names[b]);
  }
}
