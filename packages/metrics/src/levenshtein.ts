/**
 * Levenshtein distance: the fewest insertions, deletions and substitutions that turn a into b.
 *
 * @see Levenshtein 1966; Wagner & Fischer 1974 for the algorithm
 */
export function editDistance(a: readonly string[], b: readonly string[]): number {
  // row[j] is the distance of the first i symbols of a to the first j of b.
  const row = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((symbol, i) => {
    let diagonal = row[0];
    row[0] = i + 1;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      row[j] = Math.min(above + 1, row[j - 1] + 1, diagonal + (symbol === b[j - 1] ? 0 : 1));
      diagonal = above;
    }
  });
  return row[b.length];
}
