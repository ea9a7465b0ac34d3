/**
 * Which keys belong together, directly or through others: what has to stay in one part of a split.
 *
 * @see Tarjan 1975, "Efficiency of a good but not linear set union algorithm"
 */
export class Components {
  readonly #parents = new Map<string, string>();

  join(a: string, b: string): void {
    const [first, second] = [this.nameOf(a), this.nameOf(b)];
    if (first === second) return;
    // The least key names its component, so the name doesn't depend on the order in which keys were joined.
    if (first < second) this.#parents.set(second, first);
    else this.#parents.set(first, second);
  }

  /** The least key of the component that the key is in; the key itself when it was joined with none. */
  nameOf(key: string): string {
    let name = key;
    for (let above = this.#parents.get(name); above !== undefined; above = this.#parents.get(name)) name = above;
    // Shortens the way for the next time.
    for (let at = key; at !== name;) {
      const above = this.#parents.get(at)!;
      this.#parents.set(at, name);
      at = above;
    }
    return name;
  }
}
