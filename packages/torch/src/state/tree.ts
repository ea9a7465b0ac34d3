import { HeedError } from '@heed/base';

/** Things by the dotted keys of a state dict, or those of them under a prefix: 'layers.0.self_attn.in_proj_weight'. */
export class Tree<Leaf> {
  readonly #leaves: ReadonlyMap<string, Leaf>;
  /** Prefix with the dot at its end; empty for the whole. */
  readonly #prefix: string;

  constructor(leaves: ReadonlyMap<string, Leaf>, prefix = '') {
    this.#leaves = leaves;
    this.#prefix = prefix;
  }

  /** What belongs to a module inside this one: `under('self_attn')`. */
  under(module: string): Tree<Leaf> {
    return new Tree(this.#leaves, `${this.#prefix}${module}.`);
  }

  /** Keys under the prefix, without it. */
  keys(): readonly string[] {
    const all = [...this.#leaves.keys()];
    return all.filter((key) => key.startsWith(this.#prefix)).map((key) => key.slice(this.#prefix.length));
  }

  has(key: string): boolean {
    return this.#leaves.has(this.#prefix + key);
  }

  optional(key: string): Leaf | undefined {
    return this.#leaves.get(this.#prefix + key);
  }

  /** @throws HeedError CHECKPOINT_INVALID when it is missing */
  get(key: string): Leaf {
    const leaf = this.optional(key);
    if (leaf !== undefined) return leaf;
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `the state dict has no '${this.#prefix}${key}'`,
      hint: `under '${this.#prefix}' there are: ${listed(this.keys())}`,
      details: { missing: [this.#prefix + key] },
    });
  }

  /** The number of modules NAME.0, NAME.1, …, by the last that there is. */
  count(name: string): number {
    const numbers = this.keys().flatMap((key) => {
      const [first, number] = key.split('.');
      return first === name && /^\d{1,4}$/.test(number ?? '') ? Number(number) : [];
    });
    return Math.max(-1, ...numbers) + 1;
  }
}

const SHOWN = 12;

/** Names for a message, the first of many. */
export const listed = (names: readonly string[]): string =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more` : names.join(', ');
