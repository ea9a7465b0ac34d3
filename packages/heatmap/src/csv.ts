import { checkMaps, type AttentionMaps } from './attention-map.js';
import { clean, shortest } from './text.js';

/**
 * RFC 4180: a line of column labels after the title, then a line per row, its label first. Several maps follow one
 * another after an empty line. Control characters in labels are shown as pictures, so that a line is a row.
 */
export function renderCsv(maps: AttentionMaps): string {
  return checkMaps(maps)
    .map(({ title, columnLabels, rowLabels, weights }) => {
      const lines = [
        [title, ...columnLabels].map(field),
        ...rowLabels.map((label, i) => [
          field(label),
          ...Array.from(weights[i]!, (weight) => String(shortest(weight))),
        ]),
      ];
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
