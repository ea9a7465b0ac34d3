import { checkMaps, isMasked, type AttentionMaps } from './attention-map.js';
import { clean, shortest } from './text.js';

/**
 * Maps as CSV (RFC 4180): a line with the title and the column labels, then a line for each row, its label first. An empty line
 * separates maps. Fields of masked cells are empty. Control characters in labels become visible signs, so that a line is always
 * one row.
 */
export function renderCsv(maps: AttentionMaps): string {
  return checkMaps(maps)
    .map((map) => {
      const { title, columnLabels, rowLabels, weights } = map;
      const rows = rowLabels.map((label, i) =>
        [field(label)].concat(
          Array.from(weights[i], (weight, j) => (isMasked(map, i, j) ? '' : String(shortest(weight)))),
        ),
      );
      const lines = [[title, ...columnLabels].map(field), ...rows];
      return lines.map((line) => `${line.join(',')}\r\n`).join('');
    })
    .join('\r\n');
}

// Spreadsheets run a field with such a start as a formula; an apostrophe before it makes it text.
const FORMULA = /^[=+\-@]/;

function field(text: string): string {
  const label = clean(text);
  const safe = FORMULA.test(label) ? `'${label}` : label;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
