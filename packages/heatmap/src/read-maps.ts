import { HeedError } from '@heed/base';
import { checkMaps, type Domain, type LabelledMap } from './attention-map.js';
import { readCsv } from './read-csv.js';
import { readJson } from './read-json.js';

export interface ReadMaps {
  /** Maps with all their texts, at least one. */
  readonly maps: readonly LabelledMap[];
  /** Range of the scale that they were saved with; absent from files that have none. */
  readonly domain?: Domain;
}

/**
 * Attention maps from the text of a file, which is untrusted: JSON or CSV that `renderJson` or `renderCsv` has written, or weights alone, [Tq, Tk],
 * in JSON also with axes such as layers and heads before these. Where a weight is missing, null or an empty field, the cell is masked.
 *
 * @throws HeedError FILE_INVALID for another text; SHAPE_MISMATCH for rows or labels that don't fit together; NOT_FINITE
 */
export function readMaps(text: string): ReadMaps {
  const { maps, domain } = /^\ufeff?\s*[[{]/.test(text) ? readJson(text.replace(/^\ufeff/, '')) : readCsv(text);
  if (maps.length === 0) throw new HeedError('FILE_INVALID', { message: 'attention maps: the file has none' });
  const checked = checkMaps(maps).map(labelled);
  return { maps: checked, ...(domain && { domain }) };
}

const labelled = ({
  weights,
  masked,
  rowLabels,
  columnLabels,
  title,
  rowAxis,
  columnAxis,
}: LabelledMap): LabelledMap => ({
  weights,
  ...(masked && { masked }),
  rowLabels,
  columnLabels,
  title,
  rowAxis,
  columnAxis,
});
