import type { AttentionOverlay } from '../overlay/attention-overlay.js';
import type { Cell } from './cursor.js';

type Grid = AttentionOverlay['grid'];
type Box = Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>;

/** Cell of a picture's grid that a pointer is over; at its edges, the nearest. */
export function cellAt(
  box: Box,
  { clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>,
  [rows, columns]: Grid,
): Cell {
  const place = (at: number, length: number, cells: number): number =>
    Math.max(0, Math.min(cells - 1, Math.floor((at / length) * cells)));
  return { row: place(clientY - box.top, box.height, rows), column: place(clientX - box.left, box.width, columns) };
}

/** Puts the cursor around a cell; without a cell it is hidden. */
export function placeCursor(cursor: HTMLElement, cell: Cell | undefined, [rows, columns]: Grid): void {
  cursor.hidden = cell === undefined;
  if (cell === undefined) return;
  const share = (part: number): string => `${100 * part}%`;
  cursor.style.left = share(cell.column / columns);
  cursor.style.top = share(cell.row / rows);
  cursor.style.width = share(1 / columns);
  cursor.style.height = share(1 / rows);
}
