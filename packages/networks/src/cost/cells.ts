import type { Tally } from '@heed/attention';
import { LARGE_ALPHABET, type CellKind } from '@heed/nn';

/** What a cell has of each unit. */
interface SizesOfUnit {
  /** Columns of its kernels. */
  readonly columns: number;
  /** Biases of its products with the state, beside those of its inputs. */
  readonly biases: number;
  /** Numbers of its state. */
  readonly state: number;
  /** Functions of a step. */
  readonly functions: number;
}

export const CELL_SIZES: Readonly<Record<CellKind, SizesOfUnit>> = {
  lstm: { columns: 4, biases: 0, state: 2, functions: 5 },
  gru: { columns: 3, biases: 0, state: 1, functions: 3 },
  gruResetAfter: { columns: 3, biases: 1, state: 1, functions: 3 },
};

/** A kind of cell, and H. */
export interface CellSizes {
  readonly kind: CellKind;
  readonly units: number;
}

/** How often a cell runs. */
interface Steps {
  readonly batch: number;
  readonly steps: number;
}

/** Kernels of the products with the state, [H, columns]: a GRU has its candidate's apart. */
const recurrentKernels = ({ kind, units }: CellSizes): readonly number[] =>
  kind === 'lstm' ? [4 * units] : [2 * units, units];

/** Rows of a product with the vectors of symbols: a small alphabet is multiplied before it is looked up. */
export const rowsOf = (symbols: number, places: number): number => (symbols > LARGE_ALPHABET ? places : symbols);

/** Adds the products of a cell with all of its inputs at once, and its biases. */
export function addInput(tally: Tally, cell: CellSizes, { width, rows }: { width: number; rows: number }): void {
  tally.parameters((width + 1) * CELL_SIZES[cell.kind].columns * cell.units);
  for (const n of recurrentKernels(cell)) tally.product({ m: rows, k: width, n });
}

/** Adds the products of a cell with an input that comes step by step. */
export function addLoopInput(tally: Tally, cell: CellSizes, { width, batch, steps }: Steps & { width: number }): void {
  tally.parameters(width * CELL_SIZES[cell.kind].columns * cell.units);
  for (const n of recurrentKernels(cell)) tally.loop({ m: batch, k: width, n }, steps);
}

/** Adds the steps of a cell without its inputs. */
export function addSteps(tally: Tally, cell: CellSizes, { batch, steps }: Steps): void {
  const { columns, biases, functions } = CELL_SIZES[cell.kind];
  tally.parameters(cell.units * (columns * cell.units + biases)).functions(steps * batch * cell.units * functions);
  for (const n of recurrentKernels(cell)) tally.loop({ m: batch, k: cell.units, n }, steps);
}
