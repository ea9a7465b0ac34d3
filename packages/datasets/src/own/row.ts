/** Cells of one row, and the line on which it begins. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows that came together, and how many blank lines were among them. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly blank: number;
}

/** Whether a line has nothing but spaces; a tab is the border of two empty cells. */
export const isBlank = (line: string): boolean => /^ *$/.test(line);
