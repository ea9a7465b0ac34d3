/**
 * Connected components of the numbers from 0 to `size` − 1, in 4 bytes a number. What was joined, directly or through others, is
 * one component, and its root is its least number.
 *
 * @see Tarjan 1975, "Efficiency of a good but not linear set union algorithm"
 */
export class NumberedComponents {
  readonly #parents: Int32Array;

  constructor(size: number) {
    this.#parents = new Int32Array(size);
    for (let n = 0; n < size; n++) this.#parents[n] = n;
  }

  join(a: number, b: number): void {
    const [first, second] = [this.rootOf(a), this.rootOf(b)];
    if (first < second) this.#parents[second] = first;
    else this.#parents[first] = second;
  }

  rootOf(n: number): number {
    const parents = this.#parents;
    let root = n;
    while (parents[root] !== root) root = parents[root];
    // Path compression: the next search is shorter.
    for (let at = n; at !== root;) {
      const above = parents[at];
      parents[at] = root;
      at = above;
    }
    return root;
  }
}
