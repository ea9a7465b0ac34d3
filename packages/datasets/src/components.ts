/**
 * Connected components of keys: keys that were joined, directly or through others, have to stay in one split.
 *
 * @see Tarjan 1975, "Efficiency of a good but not linear set union algorithm"
 */
export class Components {
  readonly #parents = new Map<string, string>();

  join(a: string, b: string): void {
    const [first, second] = [this.nameOf(a), this.nameOf(b)];
    if (first === second) return;
    // The least key is the name of its component, so the name doesn't depend on the order in which keys were joined.
    if (first < second) this.#parents.set(second, first);
    else this.#parents.set(first, second);
  }

  /** Name of the component of a key: the least key in it, which is the key itself when it was never joined. */
  nameOf(key: string): string {
    let name = key;
    for (let above = this.#parents.get(name); above !== undefined; above = this.#parents.get(name)) name = above;
    // Path compression: the next search is shorter.
    for (let at = key; at !== name;) {
      const above = this.#parents.get(at)!;
      this.#parents.set(at, name);
      at = above;
    }
    return name;
  }
}
