import type { LabelledMap } from './attention-map.js';
import { clean } from './text.js';

/** What a drawn map says by itself, for readers of other languages; labels, titles and axes come with the map. */
export interface MapWords {
  /** A language tag, of pages: 'en', 'zh-Hans'. */
  readonly language: string;
  /** What a masked cell is called. */
  readonly masked: string;
  /** "cat: 7 rows (sound) by 3 columns (letter)" */
  summary(map: LabelledMap): string;
  /** Heading of a map's numbers. */
  readonly table: string;
  /** In place of a table that would be too large. */
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
