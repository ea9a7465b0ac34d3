import { isMasked, type CheckedMap } from './attention-map.js';
import { clean, shortNumber } from './text.js';
import type { MapWords } from './words.js';
import { escapeXml } from './xml.js';

/** Ranges of rows and columns: [first, end), without the end. */
export interface Region {
  readonly rows: readonly [from: number, to: number];
  readonly columns: readonly [from: number, to: number];
}

const whole = ({ rows, columns }: CheckedMap): Region => ({ rows: [0, rows], columns: [0, columns] });

/**
 * A map, or a region of it, as an HTML table.
 *
 * @param caption HTML that is escaped already
 */
export function renderTable(
  map: CheckedMap,
  caption: string,
  { masked }: Pick<MapWords, 'masked'>,
  { rows, columns }: Region = whole(map),
): string {
  const header = (scope: string, label: string): string => `<th scope="${scope}">${escapeXml(named(label))}</th>`;
  const head = map.columnLabels.slice(...columns).map((label) => header('col', label));
  const hidden = `<td class="masked">${escapeXml(masked)}</td>`;
  const body = map.rowLabels.slice(...rows).map((label, n) => {
    const i = rows[0] + n;
    const cells = Array.from(map.weights[i])
      .slice(...columns)
      .map((weight, m) => (isMasked(map, i, columns[0] + m) ? hidden : `<td>${shortNumber(weight)}</td>`));
    return `<tr>${header('row', label)}${cells.join('')}</tr>`;
  });
  const corner = escapeXml(`${clean(map.rowAxis)} \\ ${clean(map.columnAxis)}`);
  return (
    `<table><caption>${caption}</caption><thead><tr><th>${corner}</th>${head.join('')}</tr></thead>` +
    `<tbody>${body.join('\n')}</tbody></table>`
  );
}

/** Label as a heading: a label that is only a space becomes ␣, since a screen reader skips an empty heading. */
export const named = (label: string): string => (label.trim() === '' ? '␣' : clean(label));
