/** From so many of the greatest on, sorting all costs less than keeping those in order. */
const MANY = 64;

/** Numbers of the greatest values, the greatest first, and of equal ones the lower number first. */
export function greatest(values: ArrayLike<number>, count: number): number[] {
  if (count > MANY) {
    const all = Array.from(values, (_, n) => n).toSorted((a, b) => values[b] - values[a] || a - b);
    return all.slice(0, count);
  }
  const best: number[] = [];
  let least = -Infinity;
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (best.length === count && value <= least) continue;
    let at = best.length;
    while (at > 0 && value > values[best[at - 1]]) at--;
    best.splice(at, 0, n);
    if (best.length > count) best.pop();
    least = values[best.at(-1)!];
  }
  return best;
}
