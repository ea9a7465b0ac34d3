/** Something with units: what is alike has many of them in common. */
export interface Known<Value> {
  readonly units: ReadonlySet<string>;
  readonly value: Value;
}

/**
 * Finds the most similar of some known things. Similarity is the share of units that two have in common (Dice 1945); of equally
 * similar ones, the first counts.
 *
 * @returns the value of the nearest one, undefined where none has a unit in common
 */
export function nearest<Value>(known: readonly Known<Value>[]): (units: ReadonlySet<string>) => Value | undefined {
  const having = new Map<string, number[]>();
  known.forEach(({ units }, n) => {
    for (const unit of units) {
      const numbers = having.get(unit);
      if (numbers === undefined) having.set(unit, [n]);
      else numbers.push(n);
    }
  });
  return (units) => {
    const common = new Map<number, number>();
    for (const unit of units) for (const n of having.get(unit) ?? []) common.set(n, (common.get(n) ?? 0) + 1);
    let best: Value | undefined;
    let most = 0;
    for (const [n, count] of common) {
      const similarity = (2 * count) / (units.size + known[n].units.size);
      if (similarity > most) [best, most] = [known[n].value, similarity];
    }
    return best;
  };
}
