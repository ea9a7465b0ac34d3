/** A cell of a map. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

// Rows that Page Up and Page Down move by.
const PAGE = 10;

/** Cell that a key moves to, as in other grids; undefined for keys that don't move. */
export function moved({ row, column }: Cell, { key, ctrlKey }: KeyPress, { rows, columns }: Size): Cell | undefined {
  const to = target(row, column, key, ctrlKey, rows - 1, columns - 1);
  if (to === undefined) return undefined;
  return {
    row: Math.min(rows - 1, Math.max(0, to[0])),
    column: Math.min(columns - 1, Math.max(0, to[1])),
  };
}

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
}

function target(row: number, column: number, key: string, far: boolean, lastRow: number, lastColumn: number) {
  switch (key) {
    case 'ArrowUp':
      return [far ? 0 : row - 1, column] as const;
    case 'ArrowDown':
      return [far ? lastRow : row + 1, column] as const;
    case 'ArrowLeft':
      return [row, far ? 0 : column - 1] as const;
    case 'ArrowRight':
      return [row, far ? lastColumn : column + 1] as const;
    case 'Home':
      return [far ? 0 : row, 0] as const;
    case 'End':
      return [far ? lastRow : row, lastColumn] as const;
    case 'PageUp':
      return [row - PAGE, column] as const;
    case 'PageDown':
      return [row + PAGE, column] as const;
    default:
      return undefined;
  }
}
