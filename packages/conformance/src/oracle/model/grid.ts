import type { Node } from '../tape.js';

/** A tensor of numbers on a tape, row-major. */
export interface Grid {
  readonly shape: readonly number[];
  readonly nodes: readonly Node[];
}

/** Inputs by name: one tensor, or the list of them. */
export type Grids = Readonly<Record<string, readonly Grid[]>>;

/** Number n of row b of a tensor whose last axis is W. */
export const at = ({ shape, nodes }: Grid, row: number, n: number): Node => nodes[row * shape.at(-1)! + n];

/** A tensor [rows, width] of what `of` says. */
export function gridOf(rows: number, width: number, of: (row: number, n: number) => Node): Grid {
  const nodes: Node[] = [];
  for (let row = 0; row < rows; row++) for (let n = 0; n < width; n++) nodes.push(of(row, n));
  return { shape: [rows, width], nodes };
}
