import type { LabelledMap } from './attention-map.js';
import { clean } from './text.js';

/** Words that a drawn map says by itself, which may be in another language; labels, title and axes belong to the map. */
export interface MapWords {
  /** Language tag of a page: 'en', 'zh-Hans'. */
  readonly language: string;
  /** Word for a masked cell. */
  readonly masked: string;
  /** Summary of a map: "cat: 7 rows (sound) by 3 columns (letter)". */
  summary(map: LabelledMap): string;
  /** Heading of a map's numbers. */
  readonly table: string;
  /** Text that replaces a table that would be too large. */
  readonly noTable: string;
}

export const ENGLISH: MapWords = {
  language: 'en',
  masked: 'masked',
  summary: ({ title, rowLabels, columnLabels, rowAxis, columnAxis }) => {
    const size = `${rowLabels.length} rows (${clean(rowAxis)}) by ${columnLabels.length} columns (${clean(columnAxis)})`;
    return title === '' ? `Attention map, ${size}` : `${clean(title)}: ${size}`;
  },
  table: 'Table',
  noTable: 'The table is left out for its size; write CSV or JSON for the numbers.',
};
