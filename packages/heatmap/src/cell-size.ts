// Total length in pixels of the cells along the longer side of a map in a file. Few cells are large enough for their numbers;
// many still fit on a screen.
const SMALL_SIDE = 576;
const LARGEST = 48;
const LARGE_SIDE = 1200;
const MEDIUM = 28;

/** Size of a cell in a file, in pixels. */
export function cellSize(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  least: number,
): number {
  const longer = Math.max(rows, columns, 1);
  const many = Math.min(MEDIUM, Math.floor(LARGE_SIDE / longer));
  return Math.max(least, many, Math.min(LARGEST, Math.floor(SMALL_SIDE / longer)));
}
