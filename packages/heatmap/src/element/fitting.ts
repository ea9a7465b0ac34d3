// Pixels that the cells along the longer side take where there is room, and the sizes a cell may have then.
const SIDE = 560;
const LARGEST = 44;
const SMALLEST = 14;
/** A map shrinks into less room down to this, which can still be pointed at, with a label for each cell; then it scrolls. */
const FLOOR = 11;
// Cells of a map beyond 64 × 64 cells are a picture.
const LARGE_SIDE = 640;

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** The size of a cell where there is room: of few cells large enough for their numbers. */
export function naturalCell({ rows, columns }: Size, large: boolean): number {
  const longer = Math.max(1, rows, columns);
  if (large) return Math.max(1, Math.round(LARGE_SIDE / longer));
  return Math.min(LARGEST, Math.max(SMALLEST, Math.round(SIDE / longer)));
}

/** The size from which a cell is easy to read: numbers in few cells, labels of many. */
export function readableCell(size: Size, large: boolean): number {
  const readable = size.columns <= FEW_COLUMNS ? NUMBERED : LABELLED;
  return Math.min(naturalCell(size, large), readable);
}

const FEW_COLUMNS = 12;
const NUMBERED = 40;
const LABELLED = 12;

/** The size of a cell in so much room for all columns. */
export function fittingCell(size: Size, room: number, large: boolean): number {
  const fits = Math.floor(room / Math.max(1, size.columns));
  return Math.min(naturalCell(size, large), Math.max(large ? 1 : FLOOR, fits));
}
