/** A weight of a map. */
export interface Arc {
  readonly row: number;
  readonly column: number;
  readonly weight: number;
}

/** Part of a map: rows and columns, each from one to before another. */
export interface Area {
  readonly rows: readonly [from: number, to: number];
  readonly columns: readonly [from: number, to: number];
}

/** Steps of weights between 0 and the greatest, within which it doesn't matter which is stronger. */
const STEPS = 1024;

/**
 * The strongest weights above 0 of a part of a map, the weakest first, so that the strongest are drawn over them. They are counted by steps, not sorted: a map of a thousand tokens has a million weights.
 *
 * @param rows weights, Tq rows of Tk
 */
export function strongest(rows: readonly ArrayLike<number>[], most: number, area: Area): readonly Arc[] {
  const counts = new Uint32Array(STEPS + 1);
  let peak = 0;
  visit(rows, area, (weight) => {
    if (weight > peak) peak = weight;
  });
  const stepOf = (weight: number): number => Math.floor((weight / peak) * STEPS);
  visit(rows, area, (weight) => {
    if (weight > 0) counts[stepOf(weight)]!++;
  });
  let step = STEPS;
  let above = 0;
  while (step > 0 && above + counts[step]! <= most) above += counts[step--]!;
  let room = most - above;
  const arcs: Arc[] = [];
  visit(rows, area, (weight, row, column) => {
    if (weight <= 0) return;
    const own = stepOf(weight);
    if (own > step || (own === step && room-- > 0)) arcs.push({ row, column, weight });
  });
  return arcs.toSorted((a, b) => a.weight - b.weight);
}

function visit(
  rows: readonly ArrayLike<number>[],
  { rows: [top, bottom], columns: [left, right] }: Area,
  look: (weight: number, row: number, column: number) => void,
): void {
  for (let i = top; i < bottom; i++) {
    const row = rows[i]!;
    for (let j = left; j < right; j++) look(row[j]!, i, j);
  }
}
