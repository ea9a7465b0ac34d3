// Total length in pixels of the cells along the longer side when there is room, and the least and greatest size of a cell then.
const SIDE = 560;
const LARGEST = 44;
const SMALLEST = 14;
/** Least size of a cell in little room, in pixels: each can be pointed at and has a label. With even less room, the map scrolls. */
const FLOOR = 11;
// Total length in pixels for maps of more than 64 × 64 cells, which are drawn as a picture.
const LARGE_SIDE = 640;

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** Size of a cell when there is room: large enough for numbers when there are few cells. */
export function naturalCell({ rows, columns }: Size, large: boolean): number {
  const longer = Math.max(1, rows, columns);
  if (large) return Math.max(1, Math.round(LARGE_SIDE / longer));
  return Math.min(LARGEST, Math.max(SMALLEST, Math.round(SIDE / longer)));
}

/** Least size of a cell that is easy to read: with its number when there are few cells, with its label when there are many. */
export function readableCell(size: Size, large: boolean): number {
  const readable = size.columns <= FEW_COLUMNS ? NUMBERED : LABELLED;
  return Math.min(naturalCell(size, large), readable);
}

const FEW_COLUMNS = 12;
const NUMBERED = 40;
const LABELLED = 12;

/** Size of a cell when all columns have `room` pixels. */
export function fittingCell(size: Size, room: number, large: boolean): number {
  const fits = Math.floor(room / Math.max(1, size.columns));
  return Math.min(naturalCell(size, large), Math.max(large ? 1 : FLOOR, fits));
}
