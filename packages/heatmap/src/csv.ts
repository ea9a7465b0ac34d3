import { checkMaps, isMasked, type AttentionMaps } from './attention-map.js';
import { clean, shortest } from './text.js';

/**
 * RFC 4180: a line of column labels after the title, then a line per row, its label first. Several maps follow one
 * another after an empty line. Fields of masked cells are empty. Control characters in labels are shown as pictures, so that
 * a line is a row.
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

// Spreadsheets run a field that begins like this as a formula; the apostrophe makes it text.
const FORMULA = /^[=+\-@]/;

function field(text: string): string {
  const label = clean(text);
  const safe = FORMULA.test(label) ? `'${label}` : label;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
