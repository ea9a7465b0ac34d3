/** A weight of a map. */
export interface Arc {
  readonly row: number;
  readonly column: number;
  readonly weight: number;
}

/** Which weights of a map to look at: those of a row, of a column, or all. */
export interface Focus {
  readonly side: 'row' | 'column';
  readonly at: number;
}

/** Steps of weights between 0 and the greatest, within which it doesn't matter which is stronger. */
const STEPS = 1024;

export interface Strongest {
  /** The weakest first, so that the strongest are drawn over them. */
  readonly arcs: readonly Arc[];
  /** Number of weights above 0 that there are to look at. */
  readonly all: number;
}

/**
 * The strongest weights of a map in one pass over it to count and one to take: a map of a thousand tokens has a million.
 *
 * @param rows weights, Tq rows of Tk
 */
export function strongest(rows: readonly ArrayLike<number>[], most: number, focus?: Focus): Strongest {
  const counts = new Uint32Array(STEPS + 1);
  let peak = 0;
  let all = 0;
  visit(rows, focus, (weight) => {
    if (weight <= 0) return;
    all++;
    peak = Math.max(peak, weight);
  });
  const stepOf = (weight: number): number => Math.floor((weight / peak) * STEPS);
  visit(rows, focus, (weight) => {
    if (weight > 0) counts[stepOf(weight)]!++;
  });
  let step = STEPS;
  let above = 0;
  while (step > 0 && above + counts[step]! <= most) above += counts[step--]!;
  let room = most - above;
  const arcs: Arc[] = [];
  visit(rows, focus, (weight, row, column) => {
    if (weight <= 0) return;
    const own = stepOf(weight);
    if (own > step || (own === step && room-- > 0)) arcs.push({ row, column, weight });
  });
  return { arcs: arcs.toSorted((a, b) => a.weight - b.weight), all };
}

function visit(
  rows: readonly ArrayLike<number>[],
  focus: Focus | undefined,
  look: (weight: number, row: number, column: number) => void,
): void {
  const columns = rows[0]?.length ?? 0;
  if (focus?.side === 'column') {
    for (let i = 0; i < rows.length; i++) look(rows[i]![focus.at]!, i, focus.at);
    return;
  }
  const [from, to] = focus === undefined ? [0, rows.length] : [focus.at, focus.at + 1];
  for (let i = from; i < to; i++) for (let j = 0; j < columns; j++) look(rows[i]![j]!, i, j);
}
