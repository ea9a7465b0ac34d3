import Papa from 'papaparse';
import { fileError } from './file-error.js';
import { linesOf, LONGEST_LINE, type Reading } from './lines.js';
import type { DataFile } from './own-data.js';
import { isBlank, type Row, type Rows } from './row.js';

/** Lines of a record of CSV, joined by `\n`; more than one when a newline is within quotes. */
interface CsvRecord {
  readonly line: number;
  readonly text: string;
}

/**
 * Rows of a CSV file as RFC 4180 has them: quotes around cells that have a comma, a newline or a quote, which is then doubled. A
 * file whose first row has more semicolons than commas is read with semicolons, as spreadsheets write where the comma is decimal.
 *
 * Records are cut here, since a whole one has an even number of quotes; so each has its line, and a stream needs to hold one at a
 * time. papaparse reads the cells.
 *
 * @throws HeedError FILE_INVALID with the line: a quote that is opened and not closed, or stands within a cell without quotes
 */
export async function* csvRows(file: DataFile, reading: Reading): AsyncGenerator<Rows> {
  let line = 1;
  let begun: { readonly line: number; readonly lines: string[]; length: number } | undefined;
  let delimiter: string | undefined;
  for await (const lines of linesOf(file, reading)) {
    const records: CsvRecord[] = [];
    let blank = 0;
    lines.forEach((text, n) => {
      if (begun === undefined && isBlank(text)) {
        blank++;
        return;
      }
      const odd = hasOddQuotes(text);
      if (begun === undefined && !odd) records.push({ line: line + n, text });
      else if (begun === undefined) begun = { line: line + n, lines: [text], length: text.length };
      else {
        begun.lines.push(text);
        begun.length += text.length + 1;
        if (odd) {
          records.push({ line: begun.line, text: begun.lines.join('\n') });
          begun = undefined;
        } else if (begun.length > LONGEST_LINE) throw notClosed(file.name, begun.line);
      }
    });
    line += lines.length;
    if (records.length > 0) delimiter ??= delimiterOf(records[0].text);
    yield { rows: delimiter === undefined ? [] : parse(records, delimiter, file.name), blank };
  }
  if (begun !== undefined) throw notClosed(file.name, begun.line);
}

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

/** Sign between the cells of a record: the one that it has more often outside quotes. */
export function delimiterOf(record: string): ',' | ';' {
  const outside = record.replaceAll(/"[^"]*"/g, '');
  return outside.split(';').length > outside.split(',').length ? ';' : ',';
}

function parse(records: readonly CsvRecord[], delimiter: string, file: string): Row[] {
  const text = records.map((record) => record.text).join('\r\n');
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline: '\r\n' });
  if (errors.length === 0 && data.length === records.length) {
    return data.map((cells, n) => ({ line: records[n].line, cells }));
  }
  // Read one by one, the first record that isn't one row is the one to blame.
  return records.map((record) => {
    const { data, errors } = Papa.parse<string[]>(record.text, { delimiter, newline: '\r\n' });
    if (errors.length === 0 && data.length === 1) return { line: record.line, cells: data[0] };
    throw fileError(
      { file, line: record.line },
      'a quote is where CSV has none',
      'a cell with a quote stands in quotes, and each quote in it twice: "5"" wide"; a file with tabs is TSV (format tsv)',
    );
  });
}

const notClosed = (file: string, line: number): Error =>
  fileError(
    { file, line },
    "a quote is opened and isn't closed",
    'a cell with a quote stands in quotes, and each quote in it twice: "5"" wide"; a file with tabs is TSV (format tsv)',
  );
